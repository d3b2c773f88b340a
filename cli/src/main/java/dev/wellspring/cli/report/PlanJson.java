package dev.wellspring.cli.report;

import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.run.cost.Cost;
import dev.wellspring.run.cost.Rates;
import dev.wellspring.run.cost.StageCost;
import dev.wellspring.run.plan.MemoryItem;
import dev.wellspring.run.plan.ModelPlan;
import dev.wellspring.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A plan for pipes: bytes, operations and seconds, unrounded.
final class PlanJson {
    private final ModelPlan plan;
    private final PlanView.Work work;

    PlanJson(ModelPlan plan, PlanView.Work work) {
        this.plan = plan;
        this.work = work;
    }

    /// What is known of a model that may not fit.
    static Map<String, Object> model(DecoderConfig config, DType type, PlanView.Work work, long devices) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("family", config.family());
        json.put("parameters", DecoderWeights.parameters(config));
        json.put("dtype", type.name().toLowerCase(Locale.ROOT));
        json.put("device_bytes", work.deviceBytes());
        json.put("weight_bytes", DecoderWeights.byteSize(config, type));
        json.put("devices_for_weights", devices);
        return json;
    }

    void addTo(Map<String, Object> json) {
        json.put("batch_rows", plan.score().capacity().rows());
        json.put("query_blocks", plan.blocks());
        json.put("memory", plan.memory().items().stream().map(PlanJson::item).toList());
        json.put("peak_bytes", plan.memory().peaks());
        json.put("offloaded_bytes", plan.memory().offloaded());
        json.put("stages", plan.stages().stream().map(this::stage).toList());
        json.put("contractions", contractions());
        json.put(
                "score_bytes",
                work.documents() * plan.queries() * plan.score().type().byteSize());
    }

    private static Map<String, Object> item(MemoryItem item) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("item", item.item());
        json.put("stage", item.stage());
        json.put("whole_bytes", item.whole());
        json.put("at_once_bytes", item.atOnce());
        json.put("cuts", item.cuts());
        return json;
    }

    private Map<String, Object> stage(StageCost stage) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("stage", stage.stage());
        json.put("unit", stage.unit().name().toLowerCase(Locale.ROOT));
        json.put("passes", plan.passes(stage.stage()));
        Map<String, Object> parts = new LinkedHashMap<>();
        stage.parts().forEach((part, cost) -> parts.put(part, cost(cost)));
        json.put("parts", parts);
        json.put("all", cost(stage.total()));
        double times = PlanView.times(stage, work);
        double bus = new PlannedBus(plan, work).seconds(stage);
        json.put("bus_seconds", bus);
        json.put("hours", Math.max(work.rates().floor(stage.total()), bus) * times / 3600);
        json.put("hours_as_typed", Math.max(work.rates().floorAsTyped(stage.total()), bus) * times / 3600);
        return json;
    }

    private Map<String, Object> cost(Cost cost) {
        Rates rates = work.rates();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("operations", cost.allOperations());
        json.put("wide_operations", cost.wideOperations());
        json.put("bytes", cost.bytes());
        json.put("floor_seconds", rates.floor(cost));
        json.put("bound_by", rates.bound(cost).name().toLowerCase(Locale.ROOT));
        json.put("as_typed_seconds", rates.floorAsTyped(cost));
        return json;
    }

    private List<Map<String, Object>> contractions() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (PlanContractions.Line line : PlanContractions.lines(plan)) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("shape", line.shape());
            json.put("modules", line.modules());
            json.put("contraction", line.contraction());
            json.put("taken_by", line.taken());
            json.putAll(cost(line.cost()));
            all.add(json);
        }
        return all;
    }
}
