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
        return Map.of("count", "1", "blocks", "3");
    }

    @Override
    protected List<String> wrongVariants(GeneratedQuery query) {
        String right = query.completion();
        return switch (query.labels().getOrDefault("task", "")) {
            case "t3" -> List.of(right.contains("is valid") ? "It is invalid." : "It is valid.");
            case "t7" -> List.of(right.substring(right.indexOf(", ") + 2));
            default -> {
                List<String> steps = query.intermediateAnswers();
                yield List.of(
                        String.join("\n", steps.subList(1, steps.size())),
                        String.join("\n", steps.subList(0, steps.size() - 1)));
            }
        };
    }
}
