// Where Thai words end, for a JRE that does not know: OpenSearch makes no index where Lucene's Thai analyzer finds none. Any character
// ends one here; nothing of ours is analyzed as Thai.

import java.text.BreakIterator;
import java.text.spi.BreakIteratorProvider;
import java.util.Locale;

public class ThaiWords extends BreakIteratorProvider {
  @Override
  public Locale[] getAvailableLocales() {
    return new Locale[] {new Locale("th")};
  }

  @Override
  public BreakIterator getWordInstance(Locale locale) {
    return BreakIterator.getCharacterInstance(Locale.ROOT);
  }

  @Override
  public BreakIterator getLineInstance(Locale locale) {
    return BreakIterator.getLineInstance(Locale.ROOT);
  }

  @Override
  public BreakIterator getCharacterInstance(Locale locale) {
    return BreakIterator.getCharacterInstance(Locale.ROOT);
  }

  @Override
  public BreakIterator getSentenceInstance(Locale locale) {
    return BreakIterator.getSentenceInstance(Locale.ROOT);
  }
}
