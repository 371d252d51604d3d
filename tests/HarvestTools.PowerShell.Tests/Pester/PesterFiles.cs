namespace HarvestTools.Tests.Pester;

// One class a file of Pester tests: classes run beside each other, and a filter finds a file by its name.

public sealed class CompareCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Compare")]
    public void It(string name, int line) => Check("Compare", name, line);
}

public sealed class CompletionCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Completion")]
    public void It(string name, int line) => Check("Completion", name, line);
}

public sealed class DriftCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Drift")]
    public void It(string name, int line) => Check("Drift", name, line);
}

public sealed class ErrorIdsCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("ErrorIds")]
    public void It(string name, int line) => Check("ErrorIds", name, line);
}

public sealed class ErrorsCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Errors")]
    public void It(string name, int line) => Check("Errors", name, line);
}

public sealed class ExamplesCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Examples")]
    public void It(string name, int line) => Check("Examples", name, line);
}

public sealed class ExportsCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Exports")]
    public void It(string name, int line) => Check("Exports", name, line);
}

public sealed class HistoryCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("History")]
    public void It(string name, int line) => Check("History", name, line);
}

public sealed class LoadingCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Loading")]
    public void It(string name, int line) => Check("Loading", name, line);
}

public sealed class ModuleCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Module")]
    public void It(string name, int line) => Check("Module", name, line);
}

public sealed class ObjectsCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Objects")]
    public void It(string name, int line) => Check("Objects", name, line);
}

public sealed class PackageCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Package")]
    public void It(string name, int line) => Check("Package", name, line);
}

public sealed class PathsCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Paths")]
    public void It(string name, int line) => Check("Paths", name, line);
}

public sealed class PipelinesCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Pipelines")]
    public void It(string name, int line) => Check("Pipelines", name, line);
}

public sealed class RemotesCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Remotes")]
    public void It(string name, int line) => Check("Remotes", name, line);
}

public sealed class RestoreCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Restore")]
    public void It(string name, int line) => Check("Restore", name, line);
}

public sealed class PlainCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Plain")]
    public void It(string name, int line) => Check("Plain", name, line);
}

public sealed class ProgramsCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Programs")]
    public void It(string name, int line) => Check("Programs", name, line);
}

public sealed class ProjectsCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Projects")]
    public void It(string name, int line) => Check("Projects", name, line);
}

public sealed class RetrainCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Retrain")]
    public void It(string name, int line) => Check("Retrain", name, line);
}

public sealed class ScheduledCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Scheduled")]
    public void It(string name, int line) => Check("Scheduled", name, line);
}

public sealed class SlicesCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Slices")]
    public void It(string name, int line) => Check("Slices", name, line);
}

public sealed class SpecialFilesCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("SpecialFiles")]
    public void It(string name, int line) => Check("SpecialFiles", name, line);
}

public sealed class CulturesCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Cultures")]
    public void It(string name, int line) => Check("Cultures", name, line);
}

public sealed class SpellingCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Spelling")]
    public void It(string name, int line) => Check("Spelling", name, line);
}

public sealed class StoppingCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Stopping")]
    public void It(string name, int line) => Check("Stopping", name, line);
}

public sealed class ViewsCmdlets : PesterSuite
{
    [Theory]
    [PesterFile("Views")]
    public void It(string name, int line) => Check("Views", name, line);
}
