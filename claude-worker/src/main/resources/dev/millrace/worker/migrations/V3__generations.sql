create table agent_work.generations (
  flow_id      text not null,
  shot         integer not null check (shot >= 1),
  medium       text not null check (medium in ('image', 'clip')),
  run_id       text not null,
  approvals    integer not null,
  request_id   text,
  url          text,
  intended_at  timestamptz not null default now(),
  primary key (flow_id, shot, medium),
  check (url is null or request_id is not null)
);

comment on table agent_work.generations is 'Images and clips that media services generate: the intent before the request, its id after it, so that none is paid for twice';
comment on column agent_work.generations.flow_id is 'Task of the video';
comment on column agent_work.generations.shot is 'Number of the shot in its storyboard, from 1';
comment on column agent_work.generations.medium is 'image or clip';
comment on column agent_work.generations.run_id is 'Run that asked for it';
comment on column agent_work.generations.approvals is 'Approvals that the task of the run had then: one more allows to ask again where the answer was lost';
comment on column agent_work.generations.request_id is 'Id under which the service knows it; none while no answer is known';
comment on column agent_work.generations.url is 'Where it can be fetched, once it is done';
comment on column agent_work.generations.intended_at is 'When it was to be asked for';
