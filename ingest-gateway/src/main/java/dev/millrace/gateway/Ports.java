package dev.millrace.gateway;

import dev.millrace.gateway.deadletter.RecordValues;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.read.PersonalReads;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.knowledge.answer.Answered;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchRequest;
import dev.millrace.repositories.GitHub;
import dev.millrace.runtime.health.HealthCheck.Health;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the gateway needs from the world.
 *
 * @param sink where accepted events go
 * @param reads read models
 * @param personal what is kept for users
 * @param search the knowledge base
 * @param answers answers out of the knowledge base
 * @param values values of records as JSON, and back
 * @param checks what the app needs, and whether it is there
 * @param github repositories and pull requests
 * @param clock the time
 */
record Ports(
    EventSink sink,
    ReadModels reads,
    PersonalReads personal,
    Function<SearchRequest, List<SearchHit>> search,
    Function<SearchRequest, Answered> answers,
    RecordValues values,
    Supplier<Map<String, Health>> checks,
    GitHub github,
    Clock clock) {}
