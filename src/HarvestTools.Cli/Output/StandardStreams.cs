using System.Text;
using HarvestTools.Strings;

namespace HarvestTools.Cli.Output;

/// <summary>
/// The one way to the program's stdout and stderr. Text is made plain here, so that nothing a file holds steers the terminal.
/// What cannot be written (a full disk) stops no work: the first fault is kept, and the run reports it at its end. A reader
/// that has gone, as <c>head</c> does, is no fault: .NET writes nothing then and says nothing.
/// </summary>
internal static class StandardStreams
{
    /// <summary>Why stdout could not be written; null while all is well.</summary>
    public static Exception? OutputFault { get; private set; }

    /// <summary>Why stderr could not be written; null while all is well.</summary>
    public static Exception? ErrorFault { get; private set; }

    /// <summary>Text for stdout; line breaks are the caller's.</summary>
    public static void Write(string text) => ToOutput(static plain => Console.Out.Write(plain), PlainText.Of(text));

    /// <summary>A line for stdout.</summary>
    public static void WriteLine(string line) => Write(line + Environment.NewLine);

    /// <summary>Text for stdout as UTF-8, whatever the console's own encoding is: for programs that read it.</summary>
    public static void WriteUtf8(string text) => Stream(stdout => stdout.Write(Encoding.UTF8.GetBytes(PlainText.Of(text))));

    /// <summary>Bytes for stdout, as a writer makes them that knows what a terminal may have.</summary>
    public static void Stream(Action<Stream> write) => ToOutput(
        static write =>
        {
            using Stream stdout = Console.OpenStandardOutput();
            write(stdout);
        },
        write);

    /// <summary>A line for stderr; what is in more lines is set in behind the first.</summary>
    public static void WriteErrorLine(string line) => ToError(PlainText.Hanging(line) + Environment.NewLine);

    /// <summary>
    /// A line on stderr that the next one overwrites. It is shown on a terminal only, and nobody misses one that cannot be written.
    /// </summary>
    /// <param name="text">One line; plain already, since its width was measured.</param>
    /// <param name="end">What goes behind it, as it is.</param>
    public static void Overwrite(string text, string end)
    {
        try
        {
            Console.Error.Write($"\r{text}{end}");
        }
        catch (Exception fault) when (IsFault(fault))
        {
            // The terminal has gone; what is said at the end of the run goes there too.
        }
    }

    private static void ToOutput<T>(Action<T> write, T what)
    {
        // Half a line is in the way already, and every further try would fail too, or tear a hole into the output.
        if (OutputFault is not null)
        {
            return;
        }

        try
        {
            write(what);
        }
        catch (Exception fault) when (IsFault(fault))
        {
            OutputFault = fault;
        }
    }

    private static void ToError(string text)
    {
        if (ErrorFault is not null)
        {
            return;
        }

        try
        {
            Console.Error.Write(text);
        }
        catch (Exception fault) when (IsFault(fault))
        {
            ErrorFault = fault;
        }
    }

    private static bool IsFault(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException;
}
