using System.Text.RegularExpressions;

namespace HarvestTools.Tests.Architecture;

/// <summary>The text of an error is found by the name of its class: a file is named after each.</summary>
public sealed partial class ErrorFileTests
{
    public static TheoryData<string> Folders => ["src/HarvestTools.Core", "src/HarvestTools.Samples", "src/HarvestTools.Cli", "src/HarvestTools.PowerShell"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_class_of_errors_is_in_a_file_of_its_name(string folder)
    {
        (string File, string Class)[] classes =
        [
            .. from file in Checkout.Files(folder, ".cs")
               from Match declared in ErrorClass().Matches(File.ReadAllText(file))
               select (Checkout.RelativeTo(folder, file), declared.Groups[1].Value),
        ];

        Assert.NotEmpty(classes);

        // A class of several parts has its name on one of its files, in the same folder.
        Assert.All(classes, found => Assert.True(
            classes.Any(named => named.Class == found.Class && FolderOf(named.File) == FolderOf(found.File) && Path.GetFileName(named.File) == $"{found.Class}.cs"),
            $"{found.Class} is in {found.File} and not in {found.Class}.cs"));

        static string? FolderOf(string file) => Path.GetDirectoryName(file);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_file_of_errors_has_no_other_class_than_those(string folder) =>
        Assert.All(Checkout.Files(folder, ".cs").Where(static file => file.EndsWith("Errors.cs", StringComparison.Ordinal)), static file =>
            Assert.All(AnyClass().Matches(File.ReadAllText(file)), static declared => Assert.EndsWith("Errors", declared.Groups[1].Value, StringComparison.Ordinal)));

    [GeneratedRegex(@"^(?:internal|public) static (?:partial )?class (\w+Errors)\b", RegexOptions.Multiline)]
    private static partial Regex ErrorClass();

    [GeneratedRegex(@"^(?:internal|public) (?:static |sealed |partial )*class (\w+)\b", RegexOptions.Multiline)]
    private static partial Regex AnyClass();
}
