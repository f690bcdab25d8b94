import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { queryText } from './api/client.ts';
import { queries, Root } from './app.tsx';
import { Go } from './shared/parts/go.tsx';
import { Empty, Failure } from './shared/parts/pieces.tsx';
import { useText } from './shared/i18n/language.tsx';
import { need } from './shared/i18n/loaded.ts';
import type { Part } from './shared/i18n/part.ts';
import { loginTexts } from './staff/scenes/login/texts.ts';
import { demoPhoneTexts } from './staff/scenes/demo-phone/texts.ts';
import { deskTexts } from './staff/scenes/desk/texts.ts';
import { deskCampaignTexts } from './staff/scenes/desk/campaign/texts.ts';
import { nodesTexts } from './staff/scenes/flows/nodes/texts.ts';
import { wallTexts } from './staff/scenes/wall/texts.ts';
import { ordersTexts } from './staff/scenes/orders/texts.ts';
import { peopleTexts } from './staff/scenes/people/texts.ts';
import { callsTexts } from './staff/scenes/calls/texts.ts';
import { flowsTexts } from './staff/scenes/flows/texts.ts';
import { articlesTexts } from './staff/scenes/articles/texts.ts';
import { campaignsTexts } from './staff/scenes/campaigns/texts.ts';
import { campaignEditorTexts } from './staff/scenes/campaigns/editor/texts.ts';
import { doNotCallTexts } from './staff/scenes/do-not-call/texts.ts';
import { reportsTexts } from './staff/scenes/reports/texts.ts';
import { adminTexts } from './staff/scenes/admin/texts.ts';
import { antdTexts } from './staff/shell/antd-locale.ts';
import { staffTexts } from './staff/texts/texts.ts';
import { sessionQuery, useMay } from './shared/session/session.tsx';

/** A page in a file of its own, fetched together with the texts that it needs in the language of the reader. */
function page<Module extends Record<string, unknown>, Name extends keyof Module & string>(
  load: () => Promise<Module>,
  name: Name,
  ...texts: Part[]
) {
  return lazyRouteComponent(async () => {
    const [module] = await Promise.all([load(), need(texts)]);
    return module;
  }, name);
}

const root = createRootRoute({ component: Root, notFoundComponent: Missing });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: page(() => import('./staff/scenes/login/login.tsx'), 'LoginPage', loginTexts),
});
const demoPhone = createRoute({
  getParentRoute: () => root,
  path: '/phone',
  component: page(
    () => import('./staff/scenes/demo-phone/demo-phone.tsx'),
    'DemoPhonePage',
    staffTexts,
    antdTexts,
    demoPhoneTexts,
  ),
});

/** Everything behind the log-in, within the shell. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: logInFirst,
  component: page(() => import('./staff/shell/private.tsx'), 'Private', staffTexts, antdTexts),
});
const home = createRoute({ getParentRoute: () => inside, path: '/', component: Home });
const desk = createRoute({
  getParentRoute: () => inside,
  path: '/desk',
  component: page(
    () => import('./staff/scenes/desk/desk.tsx'),
    'DeskPage',
    deskTexts,
    deskCampaignTexts,
    nodesTexts,
  ),
});
const wall = createRoute({
  getParentRoute: () => inside,
  path: '/wall',
  component: page(() => import('./staff/scenes/wall/wall.tsx'), 'WallPage', wallTexts),
});
const orders = createRoute({
  getParentRoute: () => inside,
  path: '/orders',
  component: page(() => import('./staff/scenes/orders/orders.tsx'), 'OrdersPage', ordersTexts),
});
const order = createRoute({
  getParentRoute: () => inside,
  path: '/orders/$number',
  component: page(
    () => import('./staff/scenes/orders/order.tsx'),
    'OrderPage',
    ordersTexts,
    callsTexts,
  ),
});
const people = createRoute({
  getParentRoute: () => inside,
  path: '/people',
  component: page(() => import('./staff/scenes/people/people.tsx'), 'PeoplePage', peopleTexts),
});
const person = createRoute({
  getParentRoute: () => inside,
  path: '/people/$id',
  component: page(
    () => import('./staff/scenes/people/person.tsx'),
    'PersonPage',
    peopleTexts,
    callsTexts,
  ),
});
const calls = createRoute({
  getParentRoute: () => inside,
  path: '/calls',
  component: page(() => import('./staff/scenes/calls/calls.tsx'), 'CallsPage', callsTexts),
});
const call = createRoute({
  getParentRoute: () => inside,
  path: '/calls/$id',
  component: page(
    () => import('./staff/scenes/calls/call.tsx'),
    'CallPage',
    callsTexts,
    nodesTexts,
  ),
});
const flows = createRoute({
  getParentRoute: () => inside,
  path: '/flows',
  component: page(
    () => import('./staff/scenes/flows/flows.tsx'),
    'FlowsPage',
    flowsTexts,
    nodesTexts,
  ),
});
const articles = createRoute({
  getParentRoute: () => inside,
  path: '/articles',
  component: page(
    () => import('./staff/scenes/articles/articles.tsx'),
    'ArticlesPage',
    articlesTexts,
  ),
});
const campaigns = createRoute({
  getParentRoute: () => inside,
  path: '/campaigns',
  component: page(
    () => import('./staff/scenes/campaigns/campaigns.tsx'),
    'CampaignsPage',
    campaignsTexts,
  ),
});
const campaign = createRoute({
  getParentRoute: () => inside,
  path: '/campaigns/$id',
  component: page(
    () => import('./staff/scenes/campaigns/campaign.tsx'),
    'CampaignPage',
    campaignsTexts,
    campaignEditorTexts,
  ),
});
const doNotCall = createRoute({
  getParentRoute: () => inside,
  path: '/do-not-call',
  component: page(
    () => import('./staff/scenes/do-not-call/do-not-call.tsx'),
    'DoNotCallPage',
    doNotCallTexts,
  ),
});
const reports = createRoute({
  getParentRoute: () => inside,
  path: '/reports',
  component: page(() => import('./staff/scenes/reports/reports.tsx'), 'ReportsPage', reportsTexts),
});
const report = createRoute({
  getParentRoute: () => inside,
  path: '/reports/$part',
  component: page(() => import('./staff/scenes/reports/reports.tsx'), 'ReportsPage', reportsTexts),
});
const admin = createRoute({
  getParentRoute: () => inside,
  path: '/admin',
  component: AdminHome,
});
const adminPart = createRoute({
  getParentRoute: () => inside,
  path: '/admin/$part',
  component: page(() => import('./staff/scenes/admin/admin.tsx'), 'AdminPage', adminTexts),
});

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    demoPhone,
    inside.addChildren([
      home,
      desk,
      wall,
      orders,
      order,
      people,
      person,
      calls,
      call,
      flows,
      articles,
      campaigns,
      campaign,
      doNotCall,
      reports,
      report,
      admin,
      adminPart,
    ]),
  ]),
  defaultPreload: 'intent',
  // Plain words: a telephone number in a search is no number of JSON.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (told: Readonly<Record<string, string>>) => queryText(told),
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} onRetry={reset} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** Whoever is not logged in fetches nothing of the pages behind; what else is wrong is for the page to tell. */
async function logInFirst(): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- until the next major version of the cache
  const staff = await queries.ensureQueryData(sessionQuery).catch(() => undefined);
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- as the router wants it
  if (staff === null) throw redirect({ to: '/login', replace: true });
}

/** Everybody begins where their day begins. */
function Home() {
  const may = useMay();
  if (may('wall.read')) return <Go to="/wall" />;
  return <Go to={may('calls.handle') ? '/desk' : '/orders'} />;
}

function AdminHome() {
  const may = useMay();
  return <Go to={may('staff.manage') ? '/admin/staff' : '/admin/queues'} />;
}

function Missing() {
  const t = useText();
  return (
    <main className="seat-page">
      <section className="card seat">
        <Empty title={t('state.noPage')} action={<a href="/">{t('state.home')}</a>} />
      </section>
    </main>
  );
}
