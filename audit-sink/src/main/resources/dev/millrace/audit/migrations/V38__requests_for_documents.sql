-- What became of a document is asked for again and again while it is on its way: by its request, and
-- without this index of all events there are.

CREATE INDEX ai_events_document_requests ON public.ai_events ((data->>'request_id'))
    WHERE topic IN ('document.changes', 'document.embeddings') AND data->>'request_id' IS NOT NULL;
