alter table agent_work.runs
  add column worker       text,
  add column leased_until timestamptz;

comment on column agent_work.runs.worker is 'Process that took it up last';
comment on column agent_work.runs.leased_until is 'Until when no other process takes it up, unless it is finished; its worker renews it';
