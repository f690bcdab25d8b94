export interface Localised {
  'zh-CN': string;
  en: string;
}
