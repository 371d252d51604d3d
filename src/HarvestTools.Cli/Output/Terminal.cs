using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Strings;

namespace HarvestTools.Cli.Output;

/// <summary>Where JSON goes, and what is missing reads.</summary>
internal static class Terminal
{
    /// <summary>One document on stdout as UTF-8, whatever the console's own encoding is.</summary>
    public static void WriteJson(JsonObject document) => StandardStreams.Stream(stdout =>
    {
        using (var writer = new Utf8JsonWriter(stdout, new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = PlainJsonEncoder.Instance,
        }))
        {
            document.WriteTo(writer);
        }

        stdout.Write("\n"u8);
    });

    /// <summary>
    /// Makes text on stdout and stderr UTF-8 on Windows, where a console's code page would turn labels and file names
    /// into question marks; elsewhere the locale decides, and it is UTF-8 as a rule.
    /// </summary>
    public static void UseUtf8OnWindows()
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                Console.OutputEncoding = new UTF8Encoding(false);
            }
            catch (IOException)
            {
                // No console at all; redirected streams then keep the system's encoding.
            }
        }
    }

    /// <summary>The first digits of a hash; a dash where there is none.</summary>
    public static string Short(string? sha256) => sha256 is null ? "-" : Figures.ShortHash(sha256);

    /// <summary>In UTC to the minute; a dash where there is none.</summary>
    public static string Time(DateTimeOffset? instant) =>
        instant is { } time ? Figures.Time(time) : "-";
}
