import { useEstates } from '../../api/codes.ts';
import { useLanguage } from '../../shared/i18n/language.tsx';
import type { Filter } from '../../shared/list/filters.ts';

/** Above lists of several estates, for whoever sees more than one. */
export function useEstateFilter(): Filter<'estateId'>[] {
  const { t, language } = useLanguage();
  const { data = [] } = useEstates();
  if (data.length < 2) return [];
  return [
    {
      key: 'estateId',
      label: t('estate.label'),
      any: t('estate.any'),
      options: data.map(({ id, name, nameEn }) => ({
        value: id,
        label: language === 'en' ? nameEn : name,
      })),
    },
  ];
}
