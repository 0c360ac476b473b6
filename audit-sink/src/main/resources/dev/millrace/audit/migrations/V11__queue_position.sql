-- The position is that of the read model: the router's own order depends on whose runs end when.
COMMENT ON COLUMN public.queue.position IS 'Place among those that wait or are paused, from 1: by the priority they were asked for with, then by age. The router may serve them in another order: tenants take turns, a long wait counts as urgency, and tasks can be moved by hand. Null for others.';
