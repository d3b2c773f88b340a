package dev.wellspring.queries.split;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.synthesis.Digits;
import dev.wellspring.queries.task.grid.Cell;
import dev.wellspring.queries.task.grid.GridTask;
import dev.wellspring.queries.task.grid.Square;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which items a split holds out. A rule has a say about the items that meet its need, and holds out some of these; all
/// others stay in training. [RuleForm] lists the rules as they are written.
public sealed interface SplitRule
        permits DrawnSquares,
                Regions,
                SplitRule.Band,
                SplitRule.DigitStep,
                SplitRule.Facts,
                SplitRule.Length,
                SplitRule.Random,
                SplitRule.Skin,
                SplitRule.Squares,
                SplitRule.Stripe,
                SplitRule.Template {
    /// As it is written; [RuleForm#parse] reads it back.
    String text();

    /// What an item must have for the rule to have a say about it.
    Need need();

    /// Decides about items that meet the need, drawing from the seed where there is something to draw.
    ///
    /// @throws CorpusException if what is to be drawn is not there
    Choice choose(List<Item> items, long seed);

    /// What was decided.
    ///
    /// @param test whether an item is held out
    /// @param parameters the rule's numbers and names and what was drawn, by name
    record Choice(Predicate<Item> test, Map<String, Object> parameters) {
        private static Choice ofCells(Predicate<Cell> test, Map<String, Object> parameters) {
            return new Choice(
                    item -> {
                        Cell cell = item.cell();
                        return cell != null && test.test(cell);
                    },
                    parameters);
        }

        /// The items that have a name in a label.
        private static Choice ofName(
                String rule, String name, Function<Item, @Nullable String> label, List<Item> items, String what) {
            Set<String> names = new TreeSet<>();
            items.stream().map(label).filter(Objects::nonNull).forEach(names::add);
            if (!names.contains(name)) {
                throw CorpusException.at(
                        "rule " + rule,
                        "a " + what + " of the items: " + String.join(", ", names),
                        "\"" + name + "\"",
                        "choose one of them");
            }
            return new Choice(item -> name.equals(label.apply(item)), Map.of(what, name));
        }
    }

    /// A share of the items, rounded to the nearest whole number, stays in training.
    record Random(double trainShare) implements SplitRule {
        /// Checks the share.
        public Random {
            RuleForm.requireShare(trainShare);
        }

        @Override
        public String text() {
            return "random:" + trainShare;
        }

        @Override
        public Need need() {
            return Need.NOTHING;
        }

        @Override
        public Choice choose(List<Item> items, long seed) {
            List<String> ids = items.stream().map(Item::id).toList();
            Set<String> test = Sample.of(ids, ids.size() - (int) Math.round(trainShare * ids.size()), seed);
            return new Choice(item -> test.contains(item.id()), Map.of("train_share", trainShare));
        }
    }

    /// The cells of one or more squares.
    record Squares(List<Square> squares) implements SplitRule {
        /// Copies the list, which is not empty.
        public Squares {
            squares = List.copyOf(squares);
            RuleForm.require(!squares.isEmpty(), "at least one square");
        }

        /// One square of (2 · halfSide + 1)² cells.
        public static Squares of(int a, int b, int halfSide) {
            return new Squares(List.of(new Square(a, b, halfSide)));
        }

        @Override
        public String text() {
            return (squares.size() == 1 ? "square:" : "squares:") + String.join(";", texts());
        }

        @Override
        public Need need() {
            return Need.CELL;
        }

        @Override
        public Choice choose(List<Item> items, long seed) {
            return Choice.ofCells(
                    cell -> squares.stream().anyMatch(square -> square.contains(cell)), Map.of("squares", texts()));
        }

        private List<String> texts() {
            return squares.stream()
                    .map(square -> square.centreA() + "," + square.centreB() + "," + square.halfSide())
                    .toList();
        }
    }

    /// Rows `firstRow` to `lastRow` (of a) crossed with random columns (of b): each held-out point keeps
    /// neighbours along one axis.
    record Stripe(int firstRow, int lastRow, int columns) implements SplitRule {
        /// Checks the order and the number.
        public Stripe {
            RuleForm.require(firstRow <= lastRow && columns > 0, "the lower row first, and at least one column");
        }

        @Override
        public String text() {
            return "stripe:" + firstRow + "-" + lastRow + "," + columns;
        }

        @Override
        public Need need() {
            return Need.CELL;
        }

        @Override
        public Choice choose(List<Item> items, long seed) {
            List<Integer> all = items.stream()
                    .map(Item::cell)
                    .filter(Objects::nonNull)
                    .map(Cell::b)
                    .distinct()
                    .sorted()
                    .toList();
            if (columns > all.size()) {
                throw CorpusException.at(
                        "rule " + text(),
                        "at most " + all.size() + " columns, as there are",
                        Integer.toString(columns),
                        "ask for fewer");
            }
            Set<Integer> drawn = new TreeSet<>(Sample.of(all, columns, seed));
            return Choice.ofCells(
                    cell -> cell.a() >= firstRow && cell.a() <= lastRow && drawn.contains(cell.b()),
                    Map.of("first_row", firstRow, "last_row", lastRow, "columns", List.copyOf(drawn)));
        }
    }

    /// A diagonal band: the points whose sum lies within bounds.
    record Band(int firstSum, int lastSum) implements SplitRule {
        /// Checks the order.
        public Band {
            RuleForm.require(firstSum <= lastSum, "the smaller sum first");
        }

        @Override
        public String text() {
            return "band:" + firstSum + "-" + lastSum;
        }

        @Override
        public Need need() {
            return Need.CELL;
        }

        @Override
        public Choice choose(List<Item> items, long seed) {
            return Choice.ofCells(
                    cell -> (long) cell.a() + cell.b() >= firstSum && (long) cell.a() + cell.b() <= lastSum,
                    Map.of("first_sum", firstSum, "last_sum", lastSum));
        }
    }

    /// The sums that take one step of column addition, in the base of their task.
    record DigitStep(Digits.Step step) implements SplitRule {
        static final List<String> PLACES = List.of("units", "tens", "hundreds", "thousands");

        @Override
        public String text() {
            int position = step.position();
            String place = position < PLACES.size() ? PLACES.get(position) : Integer.toString(position);
            return "digit-step:" + place + "," + step.a() + "," + step.b() + "," + step.carry();
        }

        @Override
        public Need need() {
            return Need.SUM;
        }

        @Override
        public Choice choose(List<Item> items, long seed) {
            return new Choice(
                    this::isTakenBy,
                    Map.of("position", step.position(), "a", step.a(), "b", step.b(), "carry", step.carry()));
        }

        private boolean isTakenBy(Item item) {
            Cell cell = item.sum();
            GridTask grid = item.grid();
            return cell != null
                    && grid != null
                    && Digits.steps(cell.a(), cell.b(), grid.base()).contains(step);
        }
    }

    /// The items whose longer operand has more digits than the longest in training.
    record Length(int longest) implements SplitRule {
        /// Checks the number.
        public Length {
            RuleForm.require(longest > 0, "at least one digit");
        }

        @Override
        public String text() {
            return "length:" + longest;
        }

        @Override
        public Need need() {
            return Need.LENGTH;
        }

        @Override
        public Choice choose(List<Item> items, long seed) {
            return new Choice(
                    item -> {
                        Integer length = item.length();
                        return length != null && length > longest;
                    },
                    Map.of("longest", longest));
        }
    }

    /// One skin.
    record Skin(String name) implements SplitRule {
        @Override
        public String text() {
            return "skin:" + name;
        }

        @Override
        public Need need() {
            return Need.SKIN;
        }

        @Override
        public Choice choose(List<Item> items, long seed) {
            return Choice.ofName(text(), name, Item::skin, items, "skin");
        }
    }

    /// One template.
    record Template(String name) implements SplitRule {
        @Override
        public String text() {
            return "template:" + name;
        }

        @Override
        public Need need() {
            return Need.TEMPLATE;
        }

        @Override
        public Choice choose(List<Item> items, long seed) {
            return Choice.ofName(text(), name, Item::template, items, "template");
        }
    }

    /// A share of the facts, with every item about each.
    record Facts(double factShare) implements SplitRule {
        /// Checks the share.
        public Facts {
            RuleForm.requireShare(factShare);
        }

        @Override
        public String text() {
            return "fact:" + factShare;
        }

        @Override
        public Need need() {
            return Need.FACT;
        }

        @Override
        public Choice choose(List<Item> items, long seed) {
            List<String> facts = items.stream()
                    .map(Item::fact)
                    .filter(Objects::nonNull)
                    .distinct()
                    .sorted()
                    .toList();
            Set<String> test = Sample.of(facts, (int) Math.round(factShare * facts.size()), seed);
            return new Choice(
                    item -> {
                        String fact = item.fact();
                        return fact != null && test.contains(fact);
                    },
                    Map.of("fact_share", factShare, "facts", facts.size(), "facts_held_out", test.size()));
        }
    }
}
