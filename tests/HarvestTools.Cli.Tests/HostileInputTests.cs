using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Files and arguments that are made to do harm: each is an error with what to do, soon, and nothing outside is touched.</summary>
public sealed class HostileInputTests
{
    // Far above what any of these takes, and far below what a pattern that backtracks would take.
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("CON")]
    [InlineData("v1.")]
    [InlineData("v1 ")]
    [InlineData(".git")]
    [InlineData("v\u202e1")]
    [InlineData("v\u001b[2J")]
    [InlineData("v:1")]
    [InlineData("v\n1")]
    public void A_version_that_is_no_name_of_a_folder_everywhere_is_refused(string version)
    {
        using var scratch = new ScratchFolder().WithExports();

        Assert.Equal(["SliceVersionInvalid"], scratch.Run("new", version, "--json").Exits(2).ErrorIds());
        Assert.Equal(["SliceVersionInvalid"], scratch.Run("show", version, "--json").Exits(2).ErrorIds());
        Assert.False(Directory.Exists(scratch["slices"]) && Directory.EnumerateFileSystemEntries(scratch["slices"]).Any());
    }

    [Theory]
    [InlineData("../../outside.json")]
    [InlineData("/etc/passwd")]
    [InlineData("C:/Windows/win.ini")]
    [InlineData("\\\\server\\share\\x.json")]
    [InlineData("exports/../../outside.json")]
    [InlineData("exports/hands.json\u0000.png")]
    public void A_path_in_a_slice_leads_nowhere_outside(string path)
    {
        using var scratch = new ScratchFolder().WithSlice();
        string slice = scratch["slices/v1/slice.json"];
        string text = File.ReadAllText(slice);
        string quoted = JsonSerializer.Serialize(path);
        File.WriteAllText(slice, text.Replace("\"exports/hands.json\"", quoted, StringComparison.Ordinal));
        Assert.NotEqual(text, File.ReadAllText(slice));
        scratch.Remove(".harvest");

        foreach (string[] command in (string[][])[["check", "--json"], ["fsck", "--repair", "--json"], ["build", "v1", "--json"], ["decide", "--json"], ["restore", "--slice", "v1", "--json"]])
        {
            HarvestResult result = scratch.Run(command);
            Assert.InRange(result.Exit, 1, 4);
            Assert.DoesNotContain("root:", result.Out + result.Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(scratch["../../outside.json"]));
    }

    [Theory]
    [InlineData("(a+)+$", true)]
    [InlineData("(?<episode>([a-z]+)*)X", true)]
    [InlineData("(a)\\1", false)]
    [InlineData("(?=a)", false)]
    [InlineData("[", false)]
    [InlineData("(?<episode>a{1,100000}{1,100000})", false)]
    public void A_pattern_takes_time_linear_in_the_text_or_is_refused(string pattern, bool accepted)
    {
        using var scratch = new ScratchFolder().WithExports();
        scratch.Write("exports/long.json", $$$"""
            [{"id":77,"project":9,"data":{"image":"/{{{new string('a', 30_000)}}}!/f_1.jpg"},"annotations":[{"id":1,"result":[{"id":"r","type":"choices","from_name":"c","to_name":"i","value":{"choices":["x"]}}]}]}]
            """);
        scratch.Run("add", "exports/long.json", "--project", "long", "-q").Exits(0);
        string settings = scratch["harvest.json"];
        JsonObject document = JsonNode.Parse(File.ReadAllText(settings))!.AsObject();
        document["harvest"]!["fields"]!["episode"] = new JsonObject { ["from"] = "data.image", ["match"] = pattern };
        File.WriteAllText(settings, document.ToJsonString());
        var watch = Stopwatch.StartNew();

        HarvestResult result = scratch.Run("new", "v1", "--json");

        Assert.True(watch.Elapsed < s_soon, $"{pattern} took {watch.Elapsed}");
        Assert.Equal(accepted ? [] : ["BadPattern"], result.ErrorIds().Where(static id => id is "BadPattern" or "MatchTookTooLong"));
    }

    [Theory]
    [InlineData("nested arrays")]
    [InlineData("nested objects")]
    [InlineData("UTF-16")]
    [InlineData("invalid UTF-8")]
    [InlineData("half a surrogate pair")]
    [InlineData("NUL bytes")]
    [InlineData("a number of a million digits")]
    [InlineData("a task of forty megabytes")]
    [InlineData("a gzip of four hundred megabytes of spaces")]
    [InlineData("a zip that leads out")]
    [InlineData("a zip in which a file is there twice")]
    public void An_export_that_is_made_to_do_harm_is_an_error_or_data(string what)
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Directory.CreateDirectory(scratch["in"]);
        string path = scratch["in/export.json"];
        File.WriteAllBytes(path, Made(what));

        HarvestResult result = scratch.Run("add", "in/export.json", "--project", "p", "--json");

        Assert.True(result.Exit is 0 or 3, $"{what}: {result.Exit} {result.Error}");
        Assert.Equal(result.Exit == 3, result.ErrorIds().Any());
        scratch.Run("fsck", "-q").Exits(0);
        Assert.Equal(["export.json"], Directory.EnumerateFileSystemEntries(scratch["in"]).Select(static entry => Path.GetFileName(entry)));
        Assert.False(File.Exists(scratch["../evil.json"]));
    }

    private static byte[] Made(string what)
    {
        const string Task = """[{"id":1,"data":{"x":VALUE},"annotations":[{"id":2,"result":[]}]}]""";
        byte[] With(string value) => Encoding.UTF8.GetBytes(Task.Replace("VALUE", value, StringComparison.Ordinal));
        return what switch
        {
            "nested arrays" => With(new string('[', 2_000_000)),
            "nested objects" => With(string.Concat(Enumerable.Repeat("{\"a\":", 500_000)) + "1" + new string('}', 500_000)),
            "UTF-16" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Task.Replace("VALUE", "1", StringComparison.Ordinal))],
            "invalid UTF-8" => [.. "[{\"id\":1,\"data\":{\"x\":\""u8, 0xC0, 0xAF, 0xED, 0xA0, 0x80, .. "\"},\"annotations\":[]}]"u8],
            "half a surrogate pair" => With("\"\\ud800\""),
            "NUL bytes" => new byte[100_000],
            "a number of a million digits" => With(new string('9', 1_000_000)),
            "a task of forty megabytes" => With($"\"{new string('x', 40_000_000)}\""),
            "a gzip of four hundred megabytes of spaces" => Gzip(400),
            "a zip that leads out" => Zip("../../evil.json"),
            _ => Zip("a.json", "a.json"),
        };
    }

    private static byte[] Gzip(int megabytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] spaces = new byte[1 << 20];
            Array.Fill(spaces, (byte)' ');
            for (int i = 0; i < megabytes; i++)
            {
                gzip.Write(spaces);
            }
        }

        return packed.ToArray();
    }

    private static byte[] Zip(params string[] names)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in names)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write("""[{"id":1,"data":{},"annotations":[{"id":2,"result":[]}]}]"""u8);
            }
        }

        return packed.ToArray();
    }
}
