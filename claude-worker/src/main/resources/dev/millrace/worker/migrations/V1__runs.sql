create table agent_work.runs (
  run_id      text primary key,
  task_id     text not null,
  agent       text not null,
  attempt     integer not null,
  state       text not null default 'started' check (state in ('started', 'finished')),
  deliveries  integer not null default 1,
  result      jsonb,
  started_at  timestamptz not null default now(),
  finished_at timestamptz,
  check ((state = 'finished') = (result is not null))
);

create index runs_started_at on agent_work.runs (started_at);

comment on schema agent_work is 'What the workers remember of runs, so that no model is called twice for one';
comment on table agent_work.runs is 'Runs of agents whose work costs money: the intent before the call, the result after it';
comment on column agent_work.runs.run_id is 'Identity of the run';
comment on column agent_work.runs.task_id is 'Task the run works on';
comment on column agent_work.runs.agent is 'Agent that runs';
comment on column agent_work.runs.attempt is 'Number of the run of its task, from 1';
comment on column agent_work.runs.state is 'started: the call may be under way, or its worker died; finished: the result is known and is used again';
comment on column agent_work.runs.deliveries is 'How often a worker took the run up';
comment on column agent_work.runs.result is 'What the agent made of it, and the tokens it used';
comment on column agent_work.runs.started_at is 'When a worker first took it up';
comment on column agent_work.runs.finished_at is 'When the result was known';
