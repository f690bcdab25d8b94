import type { Graph, GraphHome, GraphPerson, GraphStaff } from '../../src/demo/graph.ts';
import { demoName } from '../../src/property/demo-names.ts';

/** A small demo: two estates of so many homes each, six agents, no database. */
export function demoGraph(homesEach = 120, facts: Partial<Graph> = {}): Graph {
  const estates = [
    {
      ...{ id: uuid('e', 1), code: 'JX', name: '锦绣花园', nameEn: 'Jinxiu Garden' },
      ...{ timeZone: 'Asia/Shanghai', did: '4000', flowId: 'main-jinxiu' },
    },
    {
      ...{ id: uuid('e', 2), code: 'BJ', name: '滨江一号', nameEn: 'Riverside One' },
      ...{ timeZone: 'Asia/Shanghai', did: '4100', flowId: 'main-binjiang' },
    },
  ];
  const homes = estates.flatMap(({ id }, at) =>
    Array.from({ length: homesEach }, (_, index) => homeOf(id, at * homesEach + index, index)),
  );
  return {
    ...{ estates, homes, lastNumbers: {}, flowVersions: {}, switchNode: 'embedded' },
    agents: [1, 2, 3, 4, 5, 6].map((one) => staffOf(`agent${one}`, one)),
    supervisor: staffOf('supervisor', 7),
    admin: staffOf('admin', 8),
    queues: {
      general: { id: uuid('c', 1), serviceLevelSec: 15, offerSec: 20, wrapUpSec: 60 },
      emergency: { id: uuid('c', 2), serviceLevelSec: 15, offerSec: 20, wrapUpSec: 0 },
    },
    trunk: {
      ...{ id: uuid('d', 1), callerId: '4000' },
      callerIds: Object.fromEntries(estates.map(({ id, did }) => [id, did])),
    },
    ...facts,
  };
}

function homeOf(estateId: string, serial: number, index: number): GraphHome {
  const building = String(1 + (index % 5));
  const label = `${building}栋1单元${1 + Math.floor(index / 10)}0${1 + (index % 2)}`;
  const people: GraphPerson[] = [personOf(serial * 2, 'owner')];
  if (serial % 3 === 1) people.push(personOf(serial * 2 + 1, 'tenant'));
  return {
    ...{ roomId: uuid('a', serial), estateId, label, building, areaCm2: 960_000 },
    ...{ owes: serial % 6 === 2, people },
  };
}

function personOf(serial: number, role: GraphPerson['role']): GraphPerson {
  const number = `137${String(10_000_000 + serial * 7919).slice(-8)}`;
  return {
    personId: uuid('b', serial),
    name: demoName(serial),
    number,
    role,
    hasPin: serial === 4,
  };
}

function staffOf(username: string, serial: number): GraphStaff {
  return { id: uuid('f', serial), username, displayName: username };
}

function uuid(kind: string, serial: number): string {
  return `01990000-0000-7000-8000-${kind}${String(serial).padStart(11, '0')}`;
}
