using System.Management.Automation;
using System.Management.Automation.Internal;

namespace HarvestTools.Tests.InProcess;

/// <summary>The cmdlets as PowerShell itself resolves them: what the metadata's tests read is what the engine makes of it.</summary>
public sealed class ResolvedCommandTests(ModuleRunspace module) : IClassFixture<ModuleRunspace>
{
    public static TheoryData<Type> Cmdlets => [.. CmdletContract.Cmdlets];

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void PowerShell_runs_the_class_whose_metadata_is_tested(Type cmdlet) => Assert.Same(cmdlet, Resolve(cmdlet).ImplementingType);

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void PowerShell_finds_the_sets_that_are_declared(Type cmdlet)
    {
        string? declared = CmdletContract.Named<string>(CmdletContract.Attribute(cmdlet, "CmdletAttribute")!, "DefaultParameterSetName");
        // A default set may be the one in which nothing else is given: then no parameter names it.
        string[] named = [.. CmdletContract.Parameters(cmdlet).SelectMany(CmdletContract.SetsOf).Where(static set => set != CmdletContract.AllSets)];
        IEnumerable<string> expected = named.Append(declared ?? CmdletContract.AllSets).Distinct();
        CmdletInfo command = Resolve(cmdlet);

        Assert.Equal(expected.Order(StringComparer.Ordinal), command.ParameterSets.Select(static set => set.Name).Order(StringComparer.Ordinal));
        Assert.Equal(declared is null ? [] : [declared], command.ParameterSets.Where(static set => set.IsDefault).Select(static set => set.Name));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void In_each_set_a_position_is_taken_once(Type cmdlet) => Assert.All(Resolve(cmdlet).ParameterSets, static set =>
    {
        IEnumerable<int> positions = set.Parameters.Select(static parameter => parameter.Position).Where(static position => position != int.MinValue);
        Assert.All(positions.GroupBy(static position => position), static same => Assert.Single(same));
    });

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void In_each_set_no_two_parameters_share_a_name_or_a_short_name(Type cmdlet) => Assert.All(Resolve(cmdlet).ParameterSets, static set =>
    {
        IEnumerable<string> names = set.Parameters.SelectMany(static parameter => parameter.Aliases.Append(parameter.Name));
        Assert.All(names.GroupBy(static name => name, StringComparer.OrdinalIgnoreCase), static same => Assert.Single(same));
    });

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void PowerShell_can_make_every_attribute(Type cmdlet)
    {
        Dictionary<string, ParameterMetadata> resolved = Resolve(cmdlet).Parameters;
        Assert.All(CmdletContract.Parameters(cmdlet), parameter =>
        {
            IEnumerable<string> declared = parameter.GetCustomAttributesData()
                .Select(static data => data.AttributeType)
                .Where(static type => type.IsSubclassOf(typeof(CmdletMetadataAttribute)) || typeof(ArgumentCompleterAttribute).IsAssignableFrom(type))
                .Select(static type => type.Name);
            IEnumerable<string> made = resolved[parameter.Name].Attributes
                .Where(static attribute => attribute is CmdletMetadataAttribute or ArgumentCompleterAttribute)
                .Select(static attribute => attribute.GetType().Name);
            Assert.Equal(declared.Order(StringComparer.Ordinal), made.Order(StringComparer.Ordinal));
        });
    }

    private CmdletInfo Resolve(Type cmdlet) =>
        (CmdletInfo)Assert.Single(module.Succeed("Get-Command -Name $args[0] -Module HarvestTools -CommandType Cmdlet", CmdletContract.NameOf(cmdlet)));
}
