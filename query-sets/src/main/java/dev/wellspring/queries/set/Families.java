package dev.wellspring.queries.set;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.arithmetic.ReasoningFamily;
import dev.wellspring.queries.task.factual.FactualFamily;
import dev.wellspring.queries.task.grid.GridTask;
import dev.wellspring.queries.task.grid.LadderTask;
import dev.wellspring.queries.task.grid.LeaveSquareOut;
import dev.wellspring.queries.task.grid.LengthLadder;
import dev.wellspring.queries.task.language.FormFamily;
import dev.wellspring.queries.task.language.InContextAddition;
import dev.wellspring.queries.task.language.InContextMapping;
import dev.wellspring.queries.task.planning.BlocksworldUniverse;
import dev.wellspring.queries.task.planning.PlanningFamily;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Every family there is. A new one is a line here.
public final class Families {
    private Families() {}

    /// The families in the order that they are listed in.
    public static List<QueryFamily> all() {
        return List.of(
                new FactualFamily(),
                ReasoningFamily.twoStepArithmetic(),
                ReasoningFamily.slope(),
                ReasoningFamily.linearEquation(),
                new LeaveSquareOut(GridTask.ADDITION),
                new LeaveSquareOut(GridTask.MODULAR_ADDITION),
                new LeaveSquareOut(GridTask.BASE9_ADDITION),
                new LeaveSquareOut(GridTask.LINEAR_REGRESSION),
                new LeaveSquareOut(GridTask.CHICKENS_AND_RABBITS),
                new LengthLadder(LadderTask.ADDITION),
                new LengthLadder(LadderTask.REVERSAL),
                PlanningFamily.blocksworld(),
                new BlocksworldUniverse(),
                PlanningFamily.logistics(),
                new FormFamily(),
                new InContextAddition(),
                new InContextMapping());
    }

    /// The family of a name, if there is one: users' own queries have families of their own.
    public static Optional<QueryFamily> find(String name) {
        return all().stream().filter(family -> family.name().equals(name)).findFirst();
    }

    /// The family of a name.
    ///
    /// @throws CorpusException if there is none
    public static QueryFamily named(String name) {
        return find(name)
                .orElseThrow(() -> CorpusException.at(
                        "family",
                        "one of " + all().stream().map(QueryFamily::name).collect(Collectors.joining(", ")),
                        "\"" + name + "\"",
                        "see 'wellspring queries list'"));
    }
}
