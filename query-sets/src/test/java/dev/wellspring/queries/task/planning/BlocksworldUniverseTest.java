package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import java.util.List;
import java.util.Map;

class BlocksworldUniverseTest extends QueryFamilyContract {
    @Override
    protected QueryFamily family() {
        return new BlocksworldUniverse();
    }

    @Override
    protected Map<String, String> parameters() {
        return Map.of("blocks", "3");
    }

    @Override
    protected List<String> wrongVariants(GeneratedQuery query) {
        return new WrongAnswers(new Blocksworld(3), query).all();
    }
}
