import type { CampaignPreview } from '../../contract/campaigns/audience.ts';
import type { Language } from '../../core/language.ts';
import type { Db } from '../../db/index.ts';
import type { Campaign } from '../campaigns/campaigns.ts';
import { authorText } from '../campaigns/author-text.ts';
import { filledAsExample } from '../lists/placeholders.ts';
import { smsLength, textOf, type NamedDebt } from '../../messaging/index.ts';
import { hotlineFor } from '../../property/index.ts';

const languages: readonly Language[] = ['zh-CN', 'en'];

/** A home and a debt of usual length, to count by; nobody may take them for an owner of ours. */
const example: Readonly<Record<Language, Omit<NamedDebt, 'link'>>> = {
  'zh-CN': { name: '张某某', room: '某某栋某单元某某某室', owedFen: 128_650 },
  en: { name: 'A. Sample', room: 'block A, flat 0000', owedFen: 128_650 },
};
const exampleRoomId = '00000000-0000-7000-8000-000000000000';

export interface TextSettings {
  smsSign: string | undefined;
  paymentUrl: string;
}

/** What would be written, in each channel and language; texts of a debt both with it and without. */
export async function previewTexts(
  db: Db,
  { purpose, settings }: Campaign,
  { smsSign, paymentUrl }: TextSettings,
): Promise<CampaignPreview['texts']> {
  const hotline = await hotlineFor(db, settings.audience.estateIds?.[0]);
  const written = settings.script.texts['message'];
  // Whoever reads English gets the Chinese where there is no English.
  const shown = languages.filter((one) => (authorText(written, one)?.language ?? one) === one);
  const debtsIn = (language: Language) =>
    purpose === 'collection'
      ? [null, { ...example[language], link: `${paymentUrl}${exampleRoomId}` }]
      : [null];
  return settings.fallback.flatMap((channel) =>
    shown.flatMap((language) =>
      debtsIn(language).map((debt) => {
        const estate = language === 'en' ? hotline?.estateNameEn : hotline?.estateName;
        const facts = { language, estate, callback: hotline?.did };
        const message = authorText(written, language);
        const { subject, body } = textOf({
          ...{ channel, purpose, debt, ...facts },
          message: message === undefined ? undefined : filledAsExample(message.text, facts),
          wasCalled: true,
          sign: smsSign,
        });
        const { units, parts } = smsLength(body);
        const length = channel === 'sms' ? { units, parts } : { units, parts: null };
        return { channel, language, subject, body, isDebtNamed: debt !== null, ...length };
      }),
    ),
  );
}
