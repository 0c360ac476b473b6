package dev.millrace.gateway;

import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.knowledge.DocumentIntake;
import dev.millrace.gateway.knowledge.DocumentStatuses;
import dev.millrace.gateway.knowledge.IndexedDocuments;
import dev.millrace.gateway.knowledge.KnowledgeReads;
import dev.millrace.gateway.knowledge.Questions;
import dev.millrace.gateway.record.RecordRoutes;
import dev.millrace.gateway.reply.Replies;
import dev.millrace.schemas.document.DocumentEmbedding;
import dev.millrace.schemas.knowledge.KnowledgeRecord;
import java.util.ArrayList;
import java.util.List;

/** The knowledge base: documents in, questions to it, and what users have kept in it. */
final class KnowledgeWiring {

  private final SharedParts shared;
  private final Replies<DocumentEmbedding> embeddings = new Replies<>(Gateway.MAX_WAITING);
  private final Replies<KnowledgeRecord> records = new Replies<>(Gateway.MAX_WAITING);
  private final IndexedDocuments documents = new IndexedDocuments();

  KnowledgeWiring(SharedParts shared) {
    this.shared = shared;
  }

  /** What was indexed came on its topic. */
  void saw(DocumentEmbedding result) {
    if (result.getRequestId() != null) {
      documents.finished(result.getRequestId(), result);
      embeddings.complete(result.getRequestId(), result);
    }
  }

  /** What became of something that a user wants kept came on its topic. */
  void saw(KnowledgeRecord record) {
    records.complete(record.getRequestId(), record);
  }

  List<Route> routes() {
    Ports ports = shared.ports();
    DocumentIntake intake =
        new DocumentIntake(
            shared.access(),
            shared.bodies(),
            shared.repositories(),
            ports.sink(),
            embeddings,
            documents,
            ports.reads(),
            shared.config().documentTimeout());
    RecordRoutes kept =
        new RecordRoutes(
            shared.access(),
            shared.bodies(),
            ports.personal(),
            ports.sink(),
            records,
            shared.config().recordTimeout());
    List<Route> routes = new ArrayList<>();
    routes.addAll(intake.routes());
    routes.add(new DocumentStatuses(shared.access(), documents, ports.reads()).route());
    routes.addAll(new KnowledgeReads(shared.access(), ports.search()).routes());
    routes.add(new Questions(shared.access(), shared.bodies(), ports.answers()).route());
    routes.addAll(kept.routes());
    return routes;
  }
}
