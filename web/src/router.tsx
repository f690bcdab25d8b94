import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { Root } from './app.tsx';
import { Go } from './shared/parts/go.tsx';
import { Empty, Failure } from './shared/parts/pieces.tsx';
import { useText } from './shared/i18n/language.tsx';
import { LoginPage } from './staff/scenes/login/login.tsx';
import { useStaff } from './shared/session/session.tsx';

const root = createRootRoute({ component: Root, notFoundComponent: Missing });

const login = createRoute({ getParentRoute: () => root, path: '/login', component: LoginPage });
const demoPhone = createRoute({
  getParentRoute: () => root,
  path: '/phone',
  component: lazyRouteComponent(
    () => import('./staff/scenes/demo-phone/demo-phone.tsx'),
    'DemoPhonePage',
  ),
});

/** Everything behind the log-in, within the shell. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: lazyRouteComponent(() => import('./staff/shell/private.tsx'), 'Private'),
});
const home = createRoute({ getParentRoute: () => inside, path: '/', component: Home });
const desk = createRoute({
  getParentRoute: () => inside,
  path: '/desk',
  component: lazyRouteComponent(() => import('./staff/scenes/desk/desk.tsx'), 'DeskPage'),
});
const wall = createRoute({
  getParentRoute: () => inside,
  path: '/wall',
  component: lazyRouteComponent(() => import('./staff/scenes/wall/wall.tsx'), 'WallPage'),
});
const orders = createRoute({
  getParentRoute: () => inside,
  path: '/orders',
  component: lazyRouteComponent(() => import('./staff/scenes/orders/orders.tsx'), 'OrdersPage'),
});
const order = createRoute({
  getParentRoute: () => inside,
  path: '/orders/$number',
  component: lazyRouteComponent(() => import('./staff/scenes/orders/order.tsx'), 'OrderPage'),
});
const people = createRoute({
  getParentRoute: () => inside,
  path: '/people',
  component: lazyRouteComponent(() => import('./staff/scenes/people/people.tsx'), 'PeoplePage'),
});
const person = createRoute({
  getParentRoute: () => inside,
  path: '/people/$id',
  component: lazyRouteComponent(() => import('./staff/scenes/people/person.tsx'), 'PersonPage'),
});
const calls = createRoute({
  getParentRoute: () => inside,
  path: '/calls',
  component: lazyRouteComponent(() => import('./staff/scenes/calls/calls.tsx'), 'CallsPage'),
});
const call = createRoute({
  getParentRoute: () => inside,
  path: '/calls/$id',
  component: lazyRouteComponent(() => import('./staff/scenes/calls/call.tsx'), 'CallPage'),
});
const flows = createRoute({
  getParentRoute: () => inside,
  path: '/flows',
  component: lazyRouteComponent(() => import('./staff/scenes/flows/flows.tsx'), 'FlowsPage'),
});
const articles = createRoute({
  getParentRoute: () => inside,
  path: '/articles',
  component: lazyRouteComponent(
    () => import('./staff/scenes/articles/articles.tsx'),
    'ArticlesPage',
  ),
});
const campaigns = createRoute({
  getParentRoute: () => inside,
  path: '/campaigns',
  component: lazyRouteComponent(
    () => import('./staff/scenes/campaigns/campaigns.tsx'),
    'CampaignsPage',
  ),
});
const campaign = createRoute({
  getParentRoute: () => inside,
  path: '/campaigns/$id',
  component: lazyRouteComponent(
    () => import('./staff/scenes/campaigns/campaign.tsx'),
    'CampaignPage',
  ),
});
const doNotCall = createRoute({
  getParentRoute: () => inside,
  path: '/do-not-call',
  component: lazyRouteComponent(
    () => import('./staff/scenes/do-not-call/do-not-call.tsx'),
    'DoNotCallPage',
  ),
});
const reports = createRoute({
  getParentRoute: () => inside,
  path: '/reports',
  component: lazyRouteComponent(() => import('./staff/scenes/reports/reports.tsx'), 'ReportsPage'),
});
const report = createRoute({
  getParentRoute: () => inside,
  path: '/reports/$part',
  component: lazyRouteComponent(() => import('./staff/scenes/reports/reports.tsx'), 'ReportsPage'),
});
const admin = createRoute({
  getParentRoute: () => inside,
  path: '/admin',
  component: AdminHome,
});
const adminPart = createRoute({
  getParentRoute: () => inside,
  path: '/admin/$part',
  component: lazyRouteComponent(() => import('./staff/scenes/admin/admin.tsx'), 'AdminPage'),
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
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} onRetry={reset} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** Each role begins where its day begins. */
function Home() {
  const { role } = useStaff();
  if (role === 'office') return <Go to="/orders" />;
  return <Go to={role === 'agent' ? '/desk' : '/wall'} />;
}

function AdminHome() {
  const { role } = useStaff();
  return <Go to={role === 'admin' ? '/admin/staff' : '/admin/queues'} />;
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
