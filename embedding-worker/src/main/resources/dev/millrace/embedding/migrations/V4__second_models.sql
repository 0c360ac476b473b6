-- Which documents have vectors of a second model, and of which revision.

CREATE TABLE knowledge.second_models (
  document_uri text   NOT NULL REFERENCES knowledge.documents (uri) ON DELETE CASCADE,
  model        text   NOT NULL,
  revision     bigint NOT NULL,
  PRIMARY KEY (document_uri, model)
);

COMMENT ON TABLE knowledge.second_models IS 'Documents that are embedded with the model that is to replace the present one. A document is missing as long as its revision is another.';
COMMENT ON COLUMN knowledge.second_models.document_uri IS 'The document.';
COMMENT ON COLUMN knowledge.second_models.model IS 'The second model.';
COMMENT ON COLUMN knowledge.second_models.revision IS 'Revision of the document that its vectors are of.';

GRANT SELECT ON knowledge.second_models TO millrace_analyst;
