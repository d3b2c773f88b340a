package dev.wellspring.queries.task.planning;

/// What the two domains are, in the plain skin.
final class PlainDescription {
    private static final String BLOCKS = """
            I am playing with a set of blocks where I need to arrange the blocks into stacks. Here are the actions I can do

            Pick up a block
            Unstack a block from on top of another block
            Put down a block
            Stack a block on top of another block

            I have the following restrictions on my actions:
            I can only pick up or unstack one block at a time.
            I can only pick up or unstack a block if my hand is empty.
            I can only pick up a block if the block is on the table and the block is clear. A block is clear if the \
            block has no other blocks on top of it and if the block is not picked up.
            I can only unstack a block from on top of another block if the block I am unstacking was really on top of \
            the other block.
            I can only unstack a block from on top of another block if the block I am unstacking is clear.
            Once I pick up or unstack a block, I am holding the block.
            I can only put down a block that I am holding.
            I can only stack a block on top of another block if I am holding the block being stacked.
            I can only stack a block on top of another block if the block onto which I am stacking the block is clear.
            Once I put down or stack a block, my hand becomes empty.
            Once you stack a block on top of a second block, the second block is no longer clear.
            """;

    private static final String BLOCK_TIMES = """
            It takes 1 minute to pick up a block.
            It takes 1 minute to unstack a block.
            It takes 1 minute to put down a block.
            It takes 1 minute to stack a block.
            """;

    private static final String PACKAGES = """
            I have to plan logistics to transport packages within cities via trucks and between cities via airplanes. \
            Locations within a city are directly connected (trucks can move between any two such locations), and so \
            are the cities. In each city there is exactly one truck and each city has one location that serves as an \
            airport.
            Here are the actions that can be performed:

            Load a package into a truck at a location.
            Load a package into an airplane at a location.
            Unload a package from a truck at a location.
            Unload a package from an airplane at a location.
            Drive a truck from one location to another location within a city.
            Fly an airplane from the airport of one city to the airport of another.

            The following are the restrictions on the actions:
            A package can be loaded into a truck only if the package and the truck are in the same location.
            Once a package is loaded into a truck, the package is not at the location and is in the truck.
            A package can be loaded into an airplane only if the package and the airplane are in the same location.
            Once a package is loaded into an airplane, the package is not at the location and is in the airplane.
            A package can be unloaded from a truck only if the package is in the truck.
            Once a package is unloaded from a truck, the package is not in the truck and is at the location of the truck.
            A package can be unloaded from an airplane only if the package is in the airplane.
            Once a package is unloaded from an airplane, the package is not in the airplane and is at the location of \
            the airplane.
            A truck can be driven from one location to another if the truck is at the from-location and both locations \
            are in the same city.
            Once a truck is driven from one location to another, it is not at the from-location and is at the \
            to-location.
            An airplane can be flown from one city to another if the from-location and the to-location are airports \
            and the airplane is at the from-location.
            Once an airplane is flown from one city to another, the airplane is not at the from-location and is at \
            the to-location.
            """;

    private static final String PACKAGE_TIMES = """
            It takes 1 minute to load a package.
            It takes 1 minute to unload a package.
            It takes 1 minute to drive a truck.
            It takes 1 minute to fly an airplane.
            """;

    private PlainDescription() {}

    static Skin.Description of(World world) {
        return switch (world) {
            case Blocksworld ignored -> new Skin.Description(BLOCKS, BLOCKS + BLOCK_TIMES);
            case Logistics ignored -> new Skin.Description(PACKAGES, PACKAGES + PACKAGE_TIMES);
        };
    }
}
