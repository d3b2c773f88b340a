package dev.wellspring.cli.report;

import dev.wellspring.cli.report.TextTable.Column;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.cost.Cost;
import dev.wellspring.run.cost.Rates;
import dev.wellspring.run.cost.StageCost;
import dev.wellspring.run.cost.StageCost.Unit;
import dev.wellspring.run.plan.MemoryItem;
import dev.wellspring.run.plan.ModelPlan;
import dev.wellspring.run.plan.PlannedMemory;
import dev.wellspring.run.score.ScoreCosts;
import dev.wellspring.tensor.DType;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What `plan` prints: memory, the stages' costs, hours.
public final class PlanView {
    private static final double GIBI = 0x1p30;
    private static final double GIGA = 1e9;
    private static final double MILLI = 1e-3;
    private static final double HOUR = 3600;

    private final DecoderConfig config;
    private final DType type;
    private final Work work;
    private final @Nullable ModelPlan plan;
    private final Optional<ModelPlan> resident;

    /// What is to be done, and with what.
    ///
    /// @param documents that are scored
    /// @param fitDocuments that the curvature is fitted on
    /// @param tokens of a document
    /// @param deviceBytes the device's memory
    /// @param rates the device's
    /// @param hostBandwidth bytes a second between the device and its host
    public record Work(
            long documents, long fitDocuments, int tokens, long deviceBytes, Rates rates, double hostBandwidth) {}

    private PlanView(
            DecoderConfig config, DType type, Work work, @Nullable ModelPlan plan, Optional<ModelPlan> resident) {
        this.config = config;
        this.type = type;
        this.work = work;
        this.plan = plan;
        this.resident = resident;
    }

    /// Of a model that fits.
    ///
    /// @param resident the plan with query blocks on the device, where that differs and is possible
    public static PlanView of(ModelPlan plan, Optional<ModelPlan> resident, Work work) {
        return new PlanView(plan.config(), plan.fit().settings().type(), work, plan, resident);
    }

    /// Of a model whose weights alone do not fit: there is no more to say than that.
    public static PlanView withoutRoom(DecoderConfig config, DType type, Work work) {
        return new PlanView(config, type, work, null, Optional.empty());
    }

    /// Everything for pipes.
    public Map<String, Object> json() {
        Map<String, Object> json = PlanJson.model(config, type, work, devices());
        if (plan != null) {
            new PlanJson(plan, work).addTo(json);
        }
        return json;
    }

    /// Tables for people.
    ///
    /// @param width of the terminal, in columns
    public void print(PrintStream out, int width) {
        out.printf(
                Locale.ROOT,
                "%s, %,d parameters in %s, %d layers of width %,d%n",
                config.family(),
                DecoderWeights.parameters(config),
                type.name().toLowerCase(Locale.ROOT),
                config.layers(),
                config.hidden());
        if (plan == null) {
            printWithoutRoom(out, width);
            return;
        }
        out.printf(
                Locale.ROOT,
                "batches of %,d rows to fit and %,d to score%n",
                plan.fit().capacity().rows(),
                plan.score().capacity().rows());
        memory(plan).print(out, "", width(out, "memory, in GiB", width));
        printCuts(out, plan, width);
        costs(plan, Unit.DOCUMENT).print(out, "", width(out, "each document", width));
        costs(plan, Unit.STAGE).print(out, "", width(out, "once, however many documents there are", width));
        PlanContractions.table(plan, work).print(out, "", width(out, "contractions, each document", width));
        hours(plan).print(out, "", width(out, "hours, at the least", width));
        printLegend(out, plan, width);
    }

    /// A heading before a table.
    private static int width(PrintStream out, String heading, int width) {
        out.println();
        out.println(heading);
        return width;
    }

    private void printWithoutRoom(PrintStream out, int width) {
        out.println();
        TerminalText.paragraph(
                out,
                String.format(
                        Locale.ROOT,
                        "The weights take %.1f GiB, and driver and libraries are left %.1f GiB: %.1f GiB more than the"
                                + " device's %.1f GiB. At least %d such devices are needed to hold them, or a narrower"
                                + " --dtype; the engine computes on one, so this model is not planned further.",
                        DecoderWeights.byteSize(config, type) / GIBI,
                        MemoryBudget.DEVICE_RESERVE / GIBI,
                        (DecoderWeights.byteSize(config, type) + MemoryBudget.DEVICE_RESERVE - work.deviceBytes())
                                / GIBI,
                        work.deviceBytes() / GIBI,
                        devices()),
                width);
    }

    /// How many devices hold the weights between them, at least.
    private long devices() {
        long room = Math.max(1, work.deviceBytes() - MemoryBudget.DEVICE_RESERVE);
        return Math.ceilDiv(DecoderWeights.byteSize(config, type), room);
    }

    private TextTable memory(ModelPlan plan) {
        var table = new TextTable(
                Column.text("item"),
                Column.text("stage"),
                Column.number("whole"),
                Column.number("at a time"),
                Column.number("cut into"));
        PlannedMemory memory = plan.memory();
        for (MemoryItem item : memory.items()) {
            table.add(
                    item.item(),
                    item.stage(),
                    gibi(item.whole()),
                    gibi(item.atOnce()),
                    item.cuts() == 1 ? "" : Integer.toString(item.cuts()));
        }
        memory.peaks().forEach((stage, bytes) -> table.add("together", stage, "", gibi(bytes), ""));
        table.add("the device", "", "", gibi(work.deviceBytes()), "");
        if (plan.isOffloaded()) {
            table.add("query block, in the host's memory", "", gibi(memory.offloaded()), "", "");
        }
        return table;
    }

    private void printCuts(PrintStream out, ModelPlan plan, int width) {
        for (StageCost stage : plan.stages()) {
            int passes = plan.passes(stage.stage());
            if (passes > 1 && stage.unit() == Unit.DOCUMENT) {
                double further = work.rates().floor(plan.furtherPasses(stage));
                TerminalText.paragraph(
                        out,
                        String.format(
                                Locale.ROOT,
                                "%s takes %d passes over the documents, as not all fits; the further ones cost %.2f of"
                                        + " %.2f ms a document.",
                                stage.stage(),
                                passes,
                                further / MILLI,
                                work.rates().floor(stage.total()) / MILLI),
                        width);
            }
        }
        if (plan.isOffloaded()) {
            TerminalText.paragraph(out, new PlannedBus(plan, work).words(resident), width);
        }
        if (plan.blocks().size() > 1) {
            TerminalText.paragraph(
                    out,
                    "The query block does not fit: give 'score' the queries in files of at most "
                            + plan.blocks().getFirst() + ".",
                    width);
        }
    }

    private TextTable costs(ModelPlan plan, Unit unit) {
        boolean document = unit == Unit.DOCUMENT;
        var table = new TextTable(
                Column.text("stage"),
                Column.text("part"),
                Column.number("GFLOP"),
                Column.number("of them wide"),
                Column.number("GB"),
                Column.number(document ? "floor, ms" : "floor, s"),
                Column.text("bound by"),
                Column.number(document ? "as typed, ms" : "as typed, s"),
                Column.number(document ? "tokens/s" : ""));
        for (StageCost stage : plan.stages()) {
            if (stage.unit() == unit) {
                stage.parts().forEach((part, cost) -> add(table, stage, part, cost, 0));
                if (stage.parts().size() > 1) {
                    add(table, stage, "all", stage.total(), new PlannedBus(plan, work).seconds(stage));
                }
            }
        }
        return table;
    }

    /// @param bus seconds that the bus takes at least, besides
    private void add(TextTable table, StageCost stage, String part, Cost cost, double bus) {
        boolean document = stage.unit() == Unit.DOCUMENT;
        double seconds = document ? MILLI : 1;
        double floor = work.rates().floor(cost);
        boolean byBus = bus > floor;
        floor = Math.max(floor, bus);
        table.add(
                stage.stage(),
                part,
                figure(cost.allOperations() / GIGA),
                String.format(Locale.ROOT, "%.0f %%", 100 * cost.wideOperations() / Math.max(1, cost.allOperations())),
                figure(cost.bytes() / GIGA),
                figure(floor / seconds),
                byBus ? "bus" : work.rates().bound(cost).name().toLowerCase(Locale.ROOT),
                figure(Math.max(work.rates().floorAsTyped(cost), bus) / seconds),
                document && part.equals("all") ? String.format(Locale.ROOT, "%,.0f", work.tokens() / floor) : "");
    }

    private TextTable hours(ModelPlan plan) {
        var table = new TextTable(
                Column.text("stage"), Column.number("documents"), Column.number("floor"), Column.number("as typed"));
        double floors = 0;
        double asTyped = 0;
        for (StageCost stage : plan.stages()) {
            double times = times(stage, work);
            double bus = new PlannedBus(plan, work).seconds(stage);
            double floor = Math.max(work.rates().floor(stage.total()), bus) * times;
            double typed = Math.max(work.rates().floorAsTyped(stage.total()), bus) * times;
            floors += floor;
            asTyped += typed;
            table.add(
                    stage.stage(),
                    stage.unit() == Unit.DOCUMENT ? String.format(Locale.ROOT, "%,.0f", times) : "",
                    figure(floor / HOUR),
                    figure(typed / HOUR));
        }
        table.add("all", "", figure(floors / HOUR), figure(asTyped / HOUR));
        return table;
    }

    /// How often a stage's cost counts.
    static double times(StageCost stage, Work work) {
        if (stage.unit() == Unit.STAGE) {
            return 1;
        }
        return stage.stage().equals(ScoreCosts.SCORES) ? work.documents() : work.fitDocuments();
    }

    private void printLegend(PrintStream out, ModelPlan plan, int width) {
        out.println();
        for (String paragraph : List.of(
                String.format(
                        Locale.ROOT,
                        "Scores take %s GB on disk, and with each document its id, loss, norm and preview.",
                        figure((double) work.documents()
                                * plan.queries()
                                * plan.score().type().byteSize()
                                / GIGA)),
                String.format(
                        Locale.ROOT,
                        "Floor: the longer of all operations at %s TFLOP/s and all bytes at %s TB/s, if both go on at once. As"
                                + " typed: the same with wide products, those that have a float32 or float64 operand"
                                + " today, at %s TFLOP/s. Both are arithmetic, not measurements.",
                        figure(work.rates().operations() / 1e12),
                        figure(work.rates().bandwidth() / 1e12),
                        figure(work.rates().wideOperations() / 1e12)))) {
            TerminalText.paragraph(out, paragraph, width);
        }
    }

    private static String gibi(long bytes) {
        return String.format(Locale.ROOT, "%.2f", bytes / GIBI);
    }

    /// Three figures, or as many as stand before the point.
    static String figure(double value) {
        double size = Math.abs(value);
        String format =
                size >= 99.95 || size == 0 ? "%,.0f" : size >= 9.995 ? "%.1f" : size >= 0.9995 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
