import { useText } from '../../../shared/i18n/language.tsx';
import { exact } from '../../../shared/i18n/times.ts';
import type { Campaign } from './campaign.types.ts';

/** One line on when it begins and whether it runs again; nothing when there is nothing to say. */
export function ScheduleLine({ campaign }: { campaign: Campaign }) {
  const t = useText();
  const { startsAt, startedAt, endsAt, settings } = campaign;
  const { repeat } = settings;
  const parts = [
    ...(startsAt === null || startedAt !== null
      ? []
      : [t('campaign.willStart', { at: exact(new Date(startsAt)) })]),
    ...(endsAt === null ? [] : [t('campaign.willEnd', { at: exact(new Date(endsAt)) })]),
    ...(repeat === null
      ? []
      : [
          t('campaign.willRepeat', {
            every: t(`campaignRepeat.${repeat.every}`),
            at: clock(repeat.atMinute),
          }),
          ...(repeat.until === null ? [] : [t('campaign.repeatsUntil', { day: repeat.until })]),
        ]),
  ];
  return parts.length === 0 ? null : (
    <p className="quiet schedule-line">{parts.join(t('campaign.and'))}</p>
  );
}

function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
