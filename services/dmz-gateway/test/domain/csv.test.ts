import t from 'tap';
import { toCsvLine } from '@sallyport/dmz-gateway/domain/csv.js';

void t.test('cells that a spreadsheet would run are disarmed, others are quoted as needed', (t) => {
  t.equal(toCsvLine(['=1+1', '+1', '-1', '@A1', '\tx']), "'=1+1,'+1,'-1,'@A1,'\tx\r\n");
  t.equal(
    toCsvLine(['a,b', 'say "hi"', 'line\nbreak', null, 7]),
    '"a,b","say ""hi""","line\nbreak",,7\r\n',
  );
  t.end();
});
