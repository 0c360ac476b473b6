-- How many chunks there are and how long they are is asked for once a minute by each process that
-- searches: from these few pages, and not from all chunks with their texts and vectors.

CREATE INDEX embeddings_word_counts ON knowledge.embeddings (model, word_count);
