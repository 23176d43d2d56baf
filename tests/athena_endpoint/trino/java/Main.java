package comprova.athena;

import io.trino.server.Server;

import java.io.IOException;

/** Starts Trino, as io.trino.server.TrinoServer of the full distribution does, and ends with whoever started it. */
public final class Main
{
    private Main() {}

    public static void main(String[] args)
    {
        Thread watch = new Thread(Main::endWithParent, "end-with-parent");
        watch.setDaemon(true);
        watch.start();
        new Server().start(args[0]);
    }

    private static void endWithParent()
    {
        try {
            while (System.in.read() >= 0) {
                // Nobody writes; the end of the stream is the end of the parent.
            }
        }
        catch (IOException e) {
            // The same.
        }
        Runtime.getRuntime().halt(0);
    }
}
