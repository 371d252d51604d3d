using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HarvestTools.Cli.Output;

/// <summary>Where JSON goes, and how quantities read.</summary>
internal static class Terminal
{
    private const int ShortHash = 12;

    /// <summary>One document on stdout as UTF-8, whatever the console's own encoding is.</summary>
    public static void WriteJson(JsonObject document)
    {
        using Stream stdout = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(stdout, new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }))
        {
            document.WriteTo(writer);
        }

        stdout.Write("\n"u8);
    }

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

    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary><c>1 file</c>, <c>2 files</c>.</summary>
    public static string Count(long number, string one, string? many = null) =>
        $"{Count(number)} {(number == 1 ? one : many ?? one + "s")}";

    public static string Short(string? sha256) => sha256 is null ? "-" : sha256[..Math.Min(ShortHash, sha256.Length)];

    public static string Size(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 999_950 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} KB"),
        < 999_950_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };

    /// <summary>In UTC to the minute, as everything that is recorded.</summary>
    public static string Time(DateTimeOffset? instant) =>
        instant?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "-";
}
