package dev.wellspring.queries.task.planning;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.QueryFamilyContract;
import java.util.List;
import java.util.Map;

class LogisticsFamilyTest extends QueryFamilyContract {
    @Override
    protected QueryFamily family() {
        return PlanningFamily.logistics();
    }

    /// One of everything less than there could be, so that an object in no problem is at hand.
    @Override
    protected Map<String, String> parameters() {
        return Map.of("count", "3", "cities", "1-2", "locations", "2-3", "packages", "1-6", "airplanes", "1-2");
    }

    @Override
    protected List<String> wrongVariants(GeneratedQuery query) {
        return new WrongAnswers(Logistics.of(3, 3, 7, 3), query).all();
    }
}
