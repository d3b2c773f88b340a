package dev.wellspring.run.score;

import dev.wellspring.influence.QueryTap;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.model.Sequence;
import dev.wellspring.run.RunRefusedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Queries through the model, as many together as fit.
///
/// @param batchRows the most predictions that go through together
public record QueryPass(Decoder decoder, List<QueryInput> queries, int batchRows) {
    /// Copies the list.
    public QueryPass {
        queries = List.copyOf(queries);
    }

    /// The rows of some modules for all queries; returns the queries' losses, (queries), in nats.
    ///
    /// @throws RunRefusedException when one query alone is too long
    public double[] run(List<LinearModule> modules, QueryTap tap) {
        double[] losses = new double[queries.size()];
        int next = 0;
        while (next < queries.size()) {
            List<Sequence> together = batch(next);
            PackedBatch batch = PackedBatch.of(together);
            tap.startAt(next);
            double[] rows = decoder.gradients(batch, null, new LinkedHashSet<>(modules), tap);
            System.arraycopy(batch.sums(rows), 0, losses, next, together.size());
            next += together.size();
        }
        return losses;
    }

    /// The queries as a run keeps them.
    ///
    /// @param losses (queries), in nats
    /// @param errors (queries), how far compressed gradients are from the full ones
    public List<ScoredQuery> scored(double[] losses, double[] errors) {
        var scored = new ArrayList<ScoredQuery>();
        for (int q = 0; q < queries.size(); q++) {
            QueryInput query = queries.get(q);
            scored.add(new ScoredQuery(
                    query.id(),
                    query.kind(),
                    query.family(),
                    query.prompt(),
                    query.completion(),
                    query.completionTokens().length,
                    losses[q],
                    errors[q],
                    ScoredQuery.parse(query.extras())));
        }
        return scored;
    }

    /// As many queries as fit into one batch, from number `first`.
    private List<Sequence> batch(int first) {
        var together = new ArrayList<Sequence>();
        int rows = 0;
        for (QueryInput query : queries.subList(first, queries.size())) {
            Sequence sequence = Sequence.query(query.promptTokens(), query.completionTokens());
            rows += sequence.rows();
            if (rows > batchRows) {
                break;
            }
            together.add(sequence);
        }
        if (together.isEmpty()) {
            throw new RunRefusedException("query " + queries.get(first).id() + ": expected at most " + batchRows
                    + " predictions, got " + rows + "; raise --memory");
        }
        return together;
    }
}
