using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HarvestTools.Tests;

/// <summary>The module's files held against each other: manifest, cmdlets, help, views.</summary>
public sealed partial class ModuleContractTests
{
    private static readonly string s_manifest = File.ReadAllText(Path.Combine(CmdletContract.Root, "HarvestTools.psd1"));
    /// <summary>The packages of the engine and of its remotes, and those that they need.</summary>
    private static readonly string[] s_packages =
    [
        "AWSSDK.Core", "AWSSDK.Extensions.Numerics", "AWSSDK.S3", "AWSSDK.SSO", "AWSSDK.SSOOIDC", "AWSSDK.SecurityToken",
        "CommunityToolkit.HighPerformance", "K4os.Compression.LZ4", "Microsoft.IO.RecyclableMemoryStream", "Parquet", "Snappier", "System.IO.Hashing", "YamlDotNet", "ZstdSharp",
    ];

    private static readonly string s_views = Path.Combine(CmdletContract.Root, "src", "HarvestTools.PowerShell", "Views");

    private static IEnumerable<string> CmdletNames => CmdletContract.Cmdlets.Select(CmdletContract.NameOf).Order(StringComparer.Ordinal);

    [Fact]
    public void The_manifest_exports_the_cmdlets_and_nothing_else()
    {
        Assert.Equal(CmdletNames, Names(ListOf("CmdletsToExport")));
        Assert.Empty(Names(ListOf("FunctionsToExport")));
        Assert.Empty(Names(ListOf("AliasesToExport")));
        Assert.Empty(Names(ListOf("VariablesToExport")));
        Assert.DoesNotContain("*", s_manifest, StringComparison.Ordinal);
    }

    [Fact]
    public void The_manifest_has_the_version_of_the_assemblies()
    {
        string version = Regex.Match(s_manifest, @"ModuleVersion\s*=\s*'([^']+)'").Groups[1].Value;
        Assert.Equal(version, CmdletContract.Assembly.GetName().Version!.ToString(3));
        Assert.Equal(version, typeof(HarvestException).Assembly.GetName().Version!.ToString(3));
    }

    [Fact]
    public void Every_cmdlet_has_a_help_page_and_every_page_a_cmdlet()
    {
        IEnumerable<string> pages = Directory.GetFiles(Path.Combine(CmdletContract.Root, "docs", "en-US"), "*.md")
            .Select(static path => Path.GetFileNameWithoutExtension(path))
            .Where(static name => !name.StartsWith("about_", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        Assert.Equal(CmdletNames, pages);
    }

    [Fact]
    public void The_table_of_the_README_has_a_row_for_every_cmdlet()
    {
        string section = Regex.Match(File.ReadAllText(Path.Combine(CmdletContract.Root, "README.md")), @"\n## Commands\r?\n(.*?)\n## ", RegexOptions.Singleline).Groups[1].Value;
        string[] rows = [.. Regex.Matches(section, @"^\| `([A-Z][A-Za-z]+-[A-Za-z]+)` \|", RegexOptions.Multiline).Select(static row => row.Groups[1].Value)];
        Assert.Equal(CmdletNames, rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_compiled_help_tells_of_every_cmdlet()
    {
        var help = XDocument.Load(Path.Combine(CmdletContract.Root, "en-US", "HarvestTools.PowerShell.dll-Help.xml"));
        XNamespace command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
        Assert.Equal(CmdletNames, help.Descendants(command + "details").Select(details => details.Element(command + "name")!.Value));
    }

    [Fact]
    public void The_engine_knows_no_PowerShell_and_no_package_but_those_it_names()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Assert.All(
            typeof(HarvestException).Assembly.GetReferencedAssemblies().Where(static name => !s_packages.Contains(name.Name)),
            name => Assert.Equal(framework, Path.GetDirectoryName(Assembly.Load(name).Location)));
    }

    /// <summary>PowerShell lists the public types before any code of the module runs, so before the engine can be found.</summary>
    [Fact]
    public void The_modules_public_types_can_be_listed_without_the_engine() => Assert.All(
        CmdletContract.Cmdlets[0].Assembly.ExportedTypes,
        static type => Assert.DoesNotContain(
            typeof(HarvestException).Assembly,
            type.GetInterfaces().Append(type.BaseType).OfType<Type>().Select(static of => of.Assembly)));

    [Fact]
    public void The_module_ships_its_own_assemblies_and_their_packages_alone()
    {
        string[] Assemblies(string folder) =>
            [.. Directory.GetFiles(Path.Combine(CmdletContract.Root, folder), "*.dll").Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(["HarvestTools.PowerShell.dll"], Assemblies("lib"));
        Assert.Equal(s_packages.Append("HarvestTools.Core").Append("HarvestTools.Remotes").Select(static name => name + ".dll").Order(StringComparer.Ordinal), Assemblies(Path.Combine("lib", "engine")));
    }

    [Fact]
    public void The_manifest_names_every_file_of_views() => Assert.Equal(
        Directory.GetFiles(s_views, "*.Format.ps1xml").Select(static file => $"lib/{Path.GetFileName(file)}").Order(StringComparer.Ordinal),
        Names(ListOf("FormatsToProcess")).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("*.Format.ps1xml", "TypeName")]
    [InlineData("*.Types.ps1xml", "Name")]
    public void Views_and_types_name_types_that_exist(string files, string element)
    {
        IEnumerable<string> named = Load(files).Descendants(element)
            .Select(static name => name.Value)
            .Where(static name => name.StartsWith("HarvestTools.", StringComparison.Ordinal));
        Assert.NotEmpty(named);
        Assert.All(named, static name => Assert.NotNull(TypeOf(name)));
    }

    [Fact]
    public void Every_object_that_a_cmdlet_emits_has_a_view()
    {
        var viewed = Load("*.Format.ps1xml").Descendants("TypeName").Select(static name => name.Value).ToHashSet();
        IEnumerable<Type> emitted =
            from cmdlet in CmdletContract.Cmdlets
            from attribute in CmdletContract.Attributes(cmdlet, "OutputTypeAttribute")
            from argument in (IEnumerable<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!
            let type = (Type)argument.Value!
            where type != typeof(bool) && type != typeof(string)
            select type;
        Assert.NotEmpty(emitted);
        Assert.All(emitted, type => Assert.Contains(type.FullName!, viewed));
    }

    [Fact]
    public void Views_name_properties_that_exist()
    {
        // Script properties of the types file count as well.
        var scripted = Load("*.Types.ps1xml").Descendants("ScriptProperty")
            .Select(static property => property.Element("Name")!.Value).ToHashSet();
        foreach (XElement view in Load("*.Format.ps1xml").Descendants("View"))
        {
            string name = view.Descendants("TypeName").First().Value;
            Type type = TypeOf(name)!;
            IEnumerable<string> used = view.Descendants("PropertyName").Select(static property => property.Value)
                .Concat(view.Descendants("ScriptBlock").SelectMany(static script => FirstMember().Matches(OutermostOf(script.Value)).Select(static match => match.Groups[1].Value)));
            Assert.All(used, property => Assert.True(type.GetProperty(property) is not null || scripted.Contains(property), $"{name}.{property}"));
        }
    }

    private static IEnumerable<XDocument> Load(string files) => Directory.GetFiles(s_views, files).Select(XDocument.Load);

    /// <summary>The type of a view; what stands behind # tells apart how objects of the type were made.</summary>
    private static Type? TypeOf(string name)
    {
        name = name.Split('#')[0];
        return CmdletContract.Assembly.GetType(name) ?? typeof(HarvestException).Assembly.GetType(name);
    }

    /// <summary>A script without the blocks inside it, where $_ is another object.</summary>
    private static string OutermostOf(string script) => Regex.Replace(script, @"ForEach-Object \{.*\}", "ForEach-Object");

    [GeneratedRegex(@"\$_\.([A-Za-z0-9]+)")]
    private static partial Regex FirstMember();

    private static string ListOf(string key) => Regex.Match(s_manifest, key + @"\s*=\s*@\((.*?)\)", RegexOptions.Singleline).Groups[1].Value;

    private static IEnumerable<string> Names(string list) => Regex.Matches(list, "'([^']+)'").Select(static match => match.Groups[1].Value);
}
