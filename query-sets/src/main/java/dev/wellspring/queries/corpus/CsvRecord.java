package dev.wellspring.queries.corpus;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One record of a CSV file.
///
/// @param line the line it begins in, from 1
/// @param cells its cells without their quotes, at least one
record CsvRecord(long line, List<String> cells) {

    /// Makes records of the cells that the library finds, and none of a blank line.
    static final class Collector extends AbstractBaseCsvCallbackHandler<CsvRecord> {
        private final int maxLength;
        private List<String> cells = List.of();
        private boolean quoted;
        private long length;

        /// @param maxLength the most characters in a record, separators included
        Collector(int maxLength) {
            this.maxLength = maxLength;
        }

        /// The line in which the record at hand begins, also if the library cannot read it.
        long line() {
            return getStartingLineNumber();
        }

        @Override
        protected void handleBegin(long line) {
            cells = new ArrayList<>();
            quoted = false;
            length = 0;
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int count, boolean inQuotes) {
            length += count + 1;
            if (length > maxLength) {
                throw new CsvParseException("it is longer than %d characters".formatted(maxLength));
            }
            cells.add(new String(buffer, offset, count));
            quoted |= inQuotes;
        }

        @Override
        protected @Nullable CsvRecord buildRecord() {
            boolean blank = cells.isEmpty()
                    || (cells.size() == 1 && !quoted && cells.getFirst().isBlank());
            return blank ? null : new CsvRecord(line(), cells);
        }
    }
}
