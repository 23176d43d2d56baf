package comprova.athena;

import io.trino.filesystem.Location;
import io.trino.filesystem.TrinoInput;
import io.trino.filesystem.TrinoInputFile;
import io.trino.filesystem.TrinoInputStream;

import java.io.IOException;
import java.time.Instant;

/** A file whose reads are in the journal: a stream with the whole file, other reads with the bytes they ask for. */
final class JournaledFile
        implements TrinoInputFile
{
    private final TrinoInputFile file;
    private final Journal journal;

    JournaledFile(TrinoInputFile file, Journal journal)
    {
        this.file = file;
        this.journal = journal;
    }

    @Override
    public TrinoInput newInput()
            throws IOException
    {
        TrinoInput input = file.newInput();
        return new TrinoInput()
        {
            @Override
            public void readFully(long position, byte[] buffer, int offset, int length)
                    throws IOException
            {
                journal.write("read", length, location());
                input.readFully(position, buffer, offset, length);
            }

            @Override
            public int readTail(byte[] buffer, int offset, int length)
                    throws IOException
            {
                journal.write("footer", length, location());
                return input.readTail(buffer, offset, length);
            }

            @Override
            public void close()
                    throws IOException
            {
                input.close();
            }
        };
    }

    @Override
    public TrinoInputStream newStream()
            throws IOException
    {
        journal.write("read", length(), location());
        return file.newStream();
    }

    @Override
    public long length()
            throws IOException
    {
        return file.length();
    }

    @Override
    public Instant lastModified()
            throws IOException
    {
        return file.lastModified();
    }

    @Override
    public boolean exists()
            throws IOException
    {
        return file.exists();
    }

    @Override
    public Location location()
    {
        return file.location();
    }
}
