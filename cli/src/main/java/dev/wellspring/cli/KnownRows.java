package dev.wellspring.cli;

import dev.wellspring.gradient.EncodedShard;
import dev.wellspring.gradient.GradientSink;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.run.RunRefusedException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// A sink that takes only the documents that a store remembers.
///
/// @param known in order
record KnownRows(GradientSink sink, Iterator<StoredDocument> known) implements GradientSink {
    /// @throws RunRefusedException when the document is another one
    @Override
    public void write(StoredDocument document, List<MemorySegment> values, float[] scales) {
        StoredDocument expected = known.next();
        if (!expected.document().equals(document.document())
                || expected.part() != document.part()
                || !Arrays.equals(expected.tokens(), document.tokens())) {
            throw new RunRefusedException("--model: expected a tokenizer that gives the " + expected.tokens().length
                    + " token ids to " + expected.document() + " that the store has kept, found one that gives "
                    + document.tokens().length + " others to " + document.document()
                    + "; give the tokenizer.json that they were indexed with");
        }
        sink.write(document, values, scales);
    }

    @Override
    public long byteSize() {
        return sink.byteSize();
    }

    @Override
    public EncodedShard finish() {
        return sink.finish();
    }

    @Override
    public void close() {
        sink.close();
    }
}
