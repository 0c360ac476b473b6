package dev.millrace.gateway;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.github.RepositoryNames;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.receipt.KeyedCommands;
import dev.millrace.gateway.receipt.Receipts;
import dev.millrace.runtime.routing.RoutingTable;

/**
 * What all parts of the gateway are wired to.
 *
 * @param access who may come in
 * @param bodies what bodies must look like
 * @param receipts accept each request once
 * @param commands give each command once
 * @param repositories names of repositories in requests
 */
record SharedParts(
    GatewayConfig config,
    RoutingTable routing,
    Ports ports,
    Access access,
    Bodies bodies,
    Receipts receipts,
    KeyedCommands commands,
    RepositoryNames repositories) {}
