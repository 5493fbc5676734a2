import { ERRORS } from '@sallyport/contracts';
import t from 'tap';

t.test('every error says what happened and what to do, in both languages', (t) => {
  for (const [code, entry] of Object.entries(ERRORS)) {
    t.match(code, /^ERR_[A-Z0-9]+(?:_[A-Z0-9]+)*$/);
    t.match(entry.ko.what, /[가-힣]/, `${code} ko`);
    t.match(entry.ko.remedy, /[가-힣]/, `${code} ko remedy`);
    t.notMatch(`${entry.en.what}${entry.en.remedy}`, /[가-힣]/, `${code} en`);
    t.ok(entry.en.remedy.length > 5, `${code} en remedy`);
  }
  t.end();
});
