package dev.wellspring.cli.report;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Rankable;
import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.rank.TopK;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.ScoreBatch;
import java.util.List;
import java.util.stream.Stream;

/// Both ends of the rankings of all queries, found while a run's documents pass by once. What is kept of a
/// document is its name; everything else is read when it is known which documents are needed.
final class RankingEnds {
    private final List<ScoredQuery> queries;
    private final Normalisation by;
    /// (queries)
    private final List<TopK<Passed>> top;

    private final List<TopK<Passed>> bottom;
    private int passed;

    /// @param number among the documents of the run
    private record Passed(String document, int part, int number) implements Rankable {}

    /// @param by what ranks documents
    /// @param k how many documents at either end
    RankingEnds(List<ScoredQuery> queries, Normalisation by, int k) {
        this.queries = queries;
        this.by = by;
        this.top = Stream.generate(() -> new TopK<Passed>(k, Tail.TOP))
                .limit(queries.size())
                .toList();
        this.bottom = Stream.generate(() -> new TopK<Passed>(k, Tail.BOTTOM))
                .limit(queries.size())
                .toList();
    }

    /// Takes the next documents of the run.
    void accept(ScoreBatch batch, RowParallel parallel) {
        double[] norms = BatchColumns.gradientNorms(batch);
        parallel.forRanges(queries.size(), (from, to) -> {
            double[] column = new double[batch.rowCount()];
            for (int query = (int) from; query < to; query++) {
                batch.scores(query, column);
                BatchColumns.normalise(column, queries.get(query).loss(), norms, by);
                offer(batch, column, query);
            }
        });
        passed += batch.rowCount();
    }

    private void offer(ScoreBatch batch, double[] column, int query) {
        TopK<Passed> first = top.get(query);
        TopK<Passed> last = bottom.get(query);
        for (int row = 0; row < column.length; row++) {
            first.offer(column[row], row, at -> passed(batch, at));
            last.offer(column[row], row, at -> passed(batch, at));
        }
    }

    private Passed passed(ScoreBatch batch, int row) {
        return new Passed(batch.document(row), batch.part(row), passed + row);
    }

    /// (at most k) the numbers of the documents at one end, best first.
    int[] documents(int query, Tail tail) {
        return (tail == Tail.TOP ? top : bottom)
                .get(query).best().stream()
                        .map(Ranked::row)
                        .mapToInt(Passed::number)
                        .toArray();
    }

    /// How many documents have a score.
    long ranked(int query) {
        return top.get(query).ranked();
    }

    /// How many have none, because it would be a division by zero.
    long notRanked(int query) {
        return top.get(query).notANumber();
    }
}
