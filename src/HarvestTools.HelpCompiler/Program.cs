using HarvestTools.HelpCompiler;

// Run by the build of the module: Markdown pages and the assembly go in, the help files of Get-Help come out.
if (args is not [var assembly, var standardLibrary, var pages, var output])
{
    Console.Error.WriteLine("usage: HarvestTools.HelpCompiler ASSEMBLY STANDARD-LIBRARY PAGES-FOLDER OUTPUT-FOLDER");
    return 2;
}

var faults = new List<string>();
List<CmdletShape> cmdlets = CmdletShape.ReadAll(assembly, standardLibrary);
var help = new List<(CmdletShape, HelpPage)>();
foreach (CmdletShape cmdlet in cmdlets)
{
    string path = Path.Combine(pages, cmdlet.Name + ".md");
    if (!File.Exists(path))
    {
        faults.Add($"{path}(1): error HELP001: the cmdlet {cmdlet.Name} has no help page");
        continue;
    }

    var page = HelpPage.Read(path);
    faults.AddRange(PageCheck.Run(cmdlet, page));
    help.Add((cmdlet, page));
}

Directory.CreateDirectory(output);
foreach (string path in Directory.GetFiles(pages, "*.md"))
{
    string name = Path.GetFileNameWithoutExtension(path);
    if (name.StartsWith("about_", StringComparison.Ordinal))
    {
        File.WriteAllText(Path.Combine(output, name + ".help.txt"), AboutTopic.ToText(File.ReadAllLines(path)));
    }
    else if (!cmdlets.Exists(cmdlet => cmdlet.Name == name))
    {
        faults.Add($"{path}(1): error HELP002: there is no cmdlet {name}");
    }
}

if (faults.Count > 0)
{
    // On standard output and in this form, since that is where and how a build looks for errors.
    faults.ForEach(Console.Out.WriteLine);
    return 1;
}

MamlWriter.Write(help, Path.Combine(output, Path.GetFileName(assembly) + "-Help.xml"));
return 0;
