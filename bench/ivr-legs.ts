import type { Bench } from './figure.ts';
export const ivrLegs: Bench = () => Promise.reject(new Error('not yet'));
