package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import java.util.List;
import java.util.Map;

class BlocksworldFamilyTest extends QueryFamilyContract {
    @Override
    protected QueryFamily family() {
        return PlanningFamily.blocksworld();
    }

    @Override
    protected Map<String, String> parameters() {
        return Map.of("count", "3", "blocks", "4");
    }

    @Override
    protected List<String> wrongVariants(GeneratedQuery query) {
        return new WrongAnswers(new Blocksworld(4), query).all();
    }
}
