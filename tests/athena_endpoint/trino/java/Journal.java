package comprova.athena;

import io.trino.filesystem.Location;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

/** What one query asked of S3, a line per call, written before the call is answered: (what) TAB (bytes) TAB (location). */
interface Journal
{
    Journal NONE = (what, bytes, location) -> {};

    void write(String what, long bytes, Location location)
            throws IOException;

    static Journal of(Path file)
    {
        return (what, bytes, location) -> {
            byte[] line = (what + "\t" + bytes + "\t" + location + "\n").getBytes(UTF_8);
            // One write of a short line to a file opened for appending is not torn apart by another.
            Files.write(file, line, CREATE, APPEND);
        };
    }
}
