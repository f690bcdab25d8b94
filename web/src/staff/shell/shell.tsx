import {
  BarChartOutlined,
  ApartmentOutlined,
  CustomerServiceOutlined,
  DashboardOutlined,
  ExperimentOutlined,
  FileTextOutlined,
  LogoutOutlined,
  PhoneOutlined,
  ReadOutlined,
  SearchOutlined,
  SettingOutlined,
  SoundOutlined,
  StopOutlined,
  TeamOutlined,
  UserOutlined,
  WarningFilled,
} from '@ant-design/icons';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import type { Hit } from '../../api/find.ts';
import { useOutsideCalls } from '../../api/outside-calls.ts';
import { useLanguage, useText } from '../../shared/i18n/language.tsx';
import type { MessageKey } from '../../shared/i18n/i18n.ts';
import { freshness } from '../../shared/realtime/freshness.ts';
import { useLive, useLiveClient } from '../../shared/realtime/use-live.ts';
import type { Permission } from '../../../../src/contract/codes.ts';
import { useMay, useSession, useStaff } from '../../shared/session/session.tsx';
import { SoftphoneBar } from '../softphone/bar.tsx';
import { useIsSeated } from '../softphone/use-phone.tsx';
import { AlarmBanner } from './alarm-banner.tsx';
import { SystemNoticeBanner } from './system-notices.tsx';
import { Boundary } from '../../shared/parts/boundary.tsx';
import { Button } from '../../shared/parts/button.tsx';
import { Menu } from '../../shared/parts/menu.tsx';
import { Key } from '../../shared/parts/pieces.tsx';
import { PresenceNotice } from './presence-notice.tsx';
import { SearchDialog } from './search.tsx';
import { useKeys } from '../../shared/browser/use-keys.ts';

const AccountDialog = lazy(() =>
  import('./account-dialog.tsx').then((module) => ({ default: module.AccountDialog })),
);

interface Place {
  to: string;
  text: MessageKey;
  icon: ReactNode;
  /** Nobody else sees it. */
  needs?: Permission;
}

const places: readonly Place[] = [
  {
    to: '/desk',
    text: 'nav.desk',
    icon: <CustomerServiceOutlined />,
    needs: 'calls.handle',
  },
  {
    to: '/wall',
    text: 'nav.wall',
    icon: <DashboardOutlined />,
    needs: 'wall.read',
  },
  { to: '/orders', text: 'nav.orders', icon: <FileTextOutlined /> },
  { to: '/people', text: 'nav.people', icon: <TeamOutlined /> },
  { to: '/calls', text: 'nav.calls', icon: <PhoneOutlined /> },
  { to: '/articles', text: 'nav.articles', icon: <ReadOutlined /> },
  { to: '/campaigns', text: 'nav.campaigns', icon: <SoundOutlined /> },
  { to: '/do-not-call', text: 'nav.doNotCall', icon: <StopOutlined /> },
  {
    to: '/reports',
    text: 'nav.reports',
    icon: <BarChartOutlined />,
    needs: 'wall.read',
  },
  {
    to: '/flows',
    text: 'nav.flows',
    icon: <ApartmentOutlined />,
    needs: 'flows.read',
  },
  {
    to: '/admin',
    text: 'nav.admin',
    icon: <SettingOutlined />,
    needs: 'settings.manage',
  },
];

/** What every page has around it: places to go, the telephone, alarms, search. */
export function Shell() {
  const t = useText();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const may = useMay();
  const isSeated = useIsSeated();
  const desk = useLive((state) => state.desk);
  const [isSearching, setSearching] = useState(false);
  const isDesk = pathname === '/desk';
  const isTalking = desk !== null && (desk.call ?? desk.offer ?? desk.wrapUp) !== null;
  useFreshness();
  useKeys({
    // While talking on the desk the same key finds the caller.
    'Ctrl+K': isDesk && isTalking ? undefined : () => setSearching(true),
  });
  const go = (hit: Hit) =>
    void (hit.kind === 'order'
      ? navigate({ to: '/orders/$number', params: { number: hit.id } })
      : navigate({ to: '/people/$id', params: { id: hit.id } }));
  const shown = places.filter(({ needs }) => needs === undefined || may(needs));
  return (
    <div className="shell">
      <nav className="rail" aria-label={t('nav.title')}>
        <Link to="/" className="rail-logo" aria-label={t('app.name')}>
          <img src="/favicon.svg" alt="" width={28} height={28} />
        </Link>
        {shown.map((place) => (
          <Link
            key={place.to}
            to={place.to}
            className={`rail-place${pathname.startsWith(place.to) ? ' here' : ''}`}
            {...(pathname.startsWith(place.to) ? { 'aria-current': 'page' } : {})}
          >
            {place.icon}
            <span>{t(place.text)}</span>
          </Link>
        ))}
      </nav>
      <div className="shell-main">
        <header className="top">
          {isSeated && desk !== null ? (
            <SoftphoneBar desk={desk} />
          ) : (
            <div className="bar">
              <span className="brand">{t('app.name')}</span>
            </div>
          )}
          <div className="top-end">
            <TestTelephones />
            <Button look="bare" icon={<SearchOutlined />} onClick={() => setSearching(true)}>
              <span className="wide-only">
                {t('search.title')} <Key>Ctrl+K</Key>
              </span>
            </Button>
            <UserMenu />
          </div>
        </header>
        <ConnectionNotice />
        <Boundary fallback={null} about={pathname}>
          <AlarmBanner />
          <SystemNoticeBanner />
        </Boundary>
        {isSeated && !isDesk && desk?.offer != null && (
          <Link to="/desk" className="back-to-desk tone-busy">
            <PhoneOutlined /> {t('shell.offerWaiting')}
          </Link>
        )}
        <div className="page">
          <Boundary about={pathname}>
            <Outlet />
          </Boundary>
        </div>
      </div>
      <SearchDialog isOpen={isSearching} onClose={() => setSearching(false)} onPick={go} />
      <Boundary fallback={null}>
        <PresenceNotice />
      </Boundary>
    </div>
  );
}

/** In a demo without a carrier: whom our calls reach, and whom they do not. */
function TestTelephones() {
  const t = useText();
  if (useOutsideCalls() !== 'test_telephones') return null;
  return (
    <a
      className="test-telephones tone-pause"
      title={t('shell.testTelephonesHelp')}
      href="/phone"
      target="_blank"
      rel="noreferrer"
      aria-label={`${t('shell.testTelephones')}: ${t('shell.testTelephonesHelp')}`}
    >
      <ExperimentOutlined />
      <span className="wide-only">{t('shell.testTelephones')}</span>
    </a>
  );
}

function UserMenu() {
  const t = useText();
  const { language, choose } = useLanguage();
  const { logOut } = useSession();
  const { modal } = App.useApp();
  const isTalking = useLive(({ desk }) => desk?.call != null);
  const isBusy = useLive(({ desk }) => (desk?.offer ?? desk?.wrapUp) != null);
  const leave = () => {
    if (!isTalking && !isBusy) {
      void logOut();
      return;
    }
    modal.confirm({
      title: t(isTalking ? 'session.logOutTalking' : 'session.logOutBusy'),
      content: t(isTalking ? 'session.logOutTalkingHelp' : 'session.logOutBusyHelp'),
      okText: t('session.logOutAnyway'),
      cancelText: t('session.stay'),
      okButtonProps: { danger: true },
      focusable: { autoFocusButton: 'cancel' },
      onOk: () => logOut(),
    });
  };
  const staff = useStaff();
  const [isEditing, setEditing] = useState(false);
  const isEnglish = language === 'en';
  return (
    <>
      <Menu
        items={[
          { key: 'who', label: `${staff.displayName} · ${t(`staffRole.${staff.role}`)}` },
          {
            key: 'language',
            label: isEnglish ? '中文' : 'English',
            isApart: true,
            onPick: () => choose(isEnglish ? 'zh-CN' : 'en'),
          },
          { key: 'account', label: t('account.title'), onPick: () => setEditing(true) },
          { key: 'out', icon: <LogoutOutlined />, label: t('session.logOut'), onPick: leave },
        ]}
        trigger={
          <Button
            look="bare"
            icon={<UserOutlined />}
            aria-label={`${t('session.menu')} ${staff.displayName}`}
          >
            <span className="wide-only">{staff.displayName}</span>
          </Button>
        }
      />
      {isEditing && (
        <Suspense>
          <AccountDialog isOpen onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Said only when it lasts: a gap of a second is nobody's business. */
function ConnectionNotice() {
  const t = useText();
  const connection = useLive((state) => state.connection);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (connection === 'open') {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), 2000);
    return () => clearTimeout(timer);
  }, [connection]);
  if (!isShown) return null;
  return (
    <div className="notice tone-pause" role="status">
      <WarningFilled /> {t('shell.connectionLost')}
    </div>
  );
}

/** The rows of an offer or a talk are written right behind what the screen shows of it. */
const writtenMs = 1000;

/** Lists are read again when the service says that something in them changed. */
function useFreshness(): void {
  const client = useLiveClient();
  const cache = useQueryClient();
  useEffect(() => {
    const { onEvent, stop } = freshness(cache);
    const leave = client.onEvent(({ name }) => onEvent(name));
    return () => {
      leave();
      stop();
    };
  }, [client, cache]);
  const inHand = useLive(({ desk }) => desk?.call?.callId ?? desk?.offer?.callId ?? null);
  useEffect(() => {
    const timer = setTimeout(
      () => void cache.invalidateQueries({ queryKey: ['my-calls'] }),
      writtenMs,
    );
    return () => clearTimeout(timer);
  }, [inHand, cache]);
}
