package dev.wellspring.queries.task.grid;

/// Which addition cells of a left-out square the published scratchpad models get right, in closed form: those with
/// a + b < 100, unless all problems with their tens digits are left out and their units carry.
///
/// It describes the published maps. A model trained from scratch follows the coverage of digit steps instead.
public record ScratchpadMap(Square square) {
    /// Whether the map has the cell right.
    public boolean isRight(Cell cell) {
        boolean unitsCarry = cell.a() % 10 + cell.b() % 10 >= 10;
        return cell.a() + cell.b() < 100 && !(unitsCarry && tensAreLeftOut(cell));
    }

    /// How many cells of the square the map has right.
    public long right() {
        return GridTask.ADDITION
                .cells()
                .filter(square::contains)
                .filter(this::isRight)
                .count();
    }

    /// Whether every problem with both tens digits lies in the square.
    private boolean tensAreLeftOut(Cell cell) {
        int tensA = cell.a() / 10 * 10;
        int tensB = cell.b() / 10 * 10;
        for (int a = tensA; a < tensA + 10; a++) {
            for (int b = tensB; b < tensB + 10; b++) {
                if (!square.contains(new Cell(a, b))) {
                    return false;
                }
            }
        }
        return true;
    }
}
