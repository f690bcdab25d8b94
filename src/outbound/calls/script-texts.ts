import { type FlowLibrary, spokenTexts } from '../../content/index.ts';
import type { Campaign } from '../campaigns/campaigns.ts';
import { checkScript, type ScriptFault, type Spoken } from '../rules/index.ts';

/**
 * Checks all that a campaign may say, with the campaign's own texts in their places. Throws `flow.not_published`.
 */
export async function scriptFaults(
  flows: Pick<FlowLibrary, 'live' | 'at'>,
  {
    settings,
    purpose,
    flowVersion,
  }: Pick<Campaign, 'settings' | 'purpose'> & Partial<Pick<Campaign, 'flowVersion'>>,
): Promise<ScriptFault[]> {
  const { flowId } = settings.script;
  const flow =
    flowVersion == null ? (await flows.live(flowId)).flow : await flows.at(flowId, flowVersion);
  const spoken = spokenTexts(flow);
  const fill = (text: Spoken): Spoken => filled(text, settings.script.texts);
  const opening: Spoken = {};
  for (const language of flow.languages) {
    opening[language] = spoken.opening.map((text) => fill(text)[language] ?? '').join('');
  }
  return checkScript({
    purpose,
    opening,
    beforeIdentity: spoken.before.map(fill),
    afterIdentity: spoken.after.map(fill),
    isHumanVoice: settings.script.isHumanVoice,
  });
}

type Texts = Campaign['settings']['script']['texts'];

function filled(text: Spoken, texts: Texts): Spoken {
  const fill = (language: 'zh-CN' | 'en') =>
    text[language]?.replaceAll(
      /\{([a-z][A-Za-z0-9]*)\}/g,
      (slot, name: string) => texts[name]?.[language] ?? slot,
    );
  const [zh, en] = [fill('zh-CN'), fill('en')];
  return { ...(zh === undefined ? {} : { 'zh-CN': zh }), ...(en === undefined ? {} : { en }) };
}
