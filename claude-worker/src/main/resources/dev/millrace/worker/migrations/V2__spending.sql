create table agent_work.spending (
  id            bigint generated always as identity primary key,
  task_id       text not null,
  run_id        text not null,
  microdollars  bigint not null,
  tokens        bigint not null,
  spent_at      timestamptz not null default now()
);

create index spending_task_id on agent_work.spending (task_id);
create index spending_spent_at on agent_work.spending (spent_at);

comment on table agent_work.spending is 'What each call of a model cost, so that budgets hold over runs, workers and restarts';
comment on column agent_work.spending.id is 'Number of the call';
comment on column agent_work.spending.task_id is 'Task it was spent on';
comment on column agent_work.spending.run_id is 'Run it was spent in';
comment on column agent_work.spending.microdollars is 'Cost by the price table, in millionths of a US dollar';
comment on column agent_work.spending.tokens is 'Tokens read and written';
comment on column agent_work.spending.spent_at is 'When';
