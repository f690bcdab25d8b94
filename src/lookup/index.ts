/** What is known of a caller: the screen pop, the search, and whose calls were whose. Reads records; no telephony. */
export { actsNamed, type ActsNamed } from './acts-named.ts';
export { agentsOfCall } from './agents-of-call.ts';
export { callerFacts, type CallerFacts } from './caller-facts.ts';
export { callerKnowledge, type CallerKnowledge } from './caller-knowledge.ts';
export { keepPopsFresh } from './fresh-pops.ts';
export { identify } from './identify.ts';
export { isOwnCall, missedBy } from './own-calls.ts';
export { callsNamed, ordersNamed, type Asked } from './named-things.ts';
export { buildPop } from './pop.ts';
export { keepPops, type Pops } from './pops.ts';
export { isPersonOrTheirHome } from './search-queries.ts';
export { searchTerms } from './search-terms.ts';
export { search } from './search.ts';
