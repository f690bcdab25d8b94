import { FileTextOutlined, HomeOutlined, SearchOutlined, UserOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Input, Modal, Spin } from 'antd';
import { useDeferredValue, useEffect, useState, type ReactNode } from 'react';
import { findAnything, type Hit } from '../../api/find.ts';
import { useLanguage, useName, useText } from '../../shared/i18n/language.tsx';
import { phoneText } from '../../shared/i18n/times.ts';
import { Empty, Key } from '../../shared/parts/pieces.tsx';
import { Vip } from '../parts/flag.tsx';

interface SearchProps {
  isOpen: boolean;
  onClose: () => void;
  onPick: (hit: Hit) => void;
  title?: string;
}

/** Finds people by name, pinyin initials, room or number, and orders by theirs. */
export function SearchDialog({ isOpen, onClose, onPick, title }: SearchProps) {
  const t = useText();
  return (
    <Modal
      open={isOpen}
      onCancel={onClose}
      footer={null}
      closable={false}
      title={title ?? t('search.title')}
      destroyOnHidden
      width={600}
      className="search"
    >
      <SearchBody
        onPick={(hit) => {
          onClose();
          onPick(hit);
        }}
      />
    </Modal>
  );
}

function SearchBody({ onPick }: { onPick: (hit: Hit) => void }) {
  const t = useText();
  const name = useName();
  const { language } = useLanguage();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const q = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: ['find', q, language],
    queryFn: () => findAnything(q, name),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  });
  const hits = q === '' ? [] : (found.data ?? []);
  // What is shown may still belong to a shorter text: Enter waits for what was typed.
  const isStale = q !== text.trim() || found.isPlaceholderData || found.isLoading;
  const [isEntered, setEntered] = useState(false);
  const [first] = hits;
  useEffect(() => {
    if (!isEntered || isStale) return;
    setEntered(false);
    if (first !== undefined) onPick(first);
  }, [isEntered, isStale, first, onPick]);
  return (
    <div className="stack">
      <Input
        size="large"
        autoFocus
        prefix={<SearchOutlined />}
        suffix={found.isFetching ? <Spin size="small" /> : undefined}
        value={text}
        placeholder={t('search.placeholder')}
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls="search-hits"
        {...(hits[at] === undefined ? {} : { 'aria-activedescendant': `hit-${hits[at].key}` })}
        aria-label={t('search.title')}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setEntered(false);
        }}
        onKeyDown={(event) => {
          const hit = hits[at];
          if (event.key === 'ArrowDown') setAt((n) => Math.min(n + 1, hits.length - 1));
          else if (event.key === 'ArrowUp') setAt((n) => Math.max(0, n - 1));
          else if (event.key === 'Enter' && isStale) setEntered(text.trim() !== '');
          else if (event.key === 'Enter' && hit !== undefined) onPick(hit);
          else return;
          event.preventDefault();
        }}
      />
      <ul id="search-hits" className="pick-list" role="listbox" aria-label={t('search.title')}>
        {hits.map((hit, index) => (
          <li
            key={hit.key}
            id={`hit-${hit.key}`}
            role="option"
            aria-selected={index === at}
            className={index === at ? 'chosen' : ''}
            onClick={() => onPick(hit)}
          >
            <HitLine hit={hit} />
          </li>
        ))}
      </ul>
      {q !== '' && hits.length === 0 && !found.isFetching && (
        <Empty title={t('search.nothing')}>{t('search.nothingHelp')}</Empty>
      )}
      <p className="hint">
        <Key>↑</Key> <Key>↓</Key> {t('keys.choose')} <Key>Enter</Key> {t('keys.confirm')}{' '}
        <Key>Esc</Key> {t('keys.close')}
      </p>
    </div>
  );
}

const icons: Readonly<Record<Hit['kind'], ReactNode>> = {
  person: <UserOutlined />,
  room: <HomeOutlined />,
  order: <FileTextOutlined />,
};

function HitLine({ hit }: { hit: Hit }) {
  return (
    <div className="row">
      {icons[hit.kind]}
      <strong className={hit.kind === 'order' ? 'figures' : ''}>{hit.title}</strong>
      {hit.isVip && <Vip />}
      <span className="quiet">{hit.note}</span>
      {hit.number !== '' && <span className="quiet figures">{phoneText(hit.number)}</span>}
    </div>
  );
}
