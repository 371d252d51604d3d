# What is mutated together, and the tests that have to notice: the area's own, and the workflows above it, where they are quick.
# Tests are classes, Without is "Class.Method". A test of more than a few seconds is left out: the tool gives up on it, and then
# sees no coverage of the tests behind it.
@{
    drift      = @{
        Mutate  = 'src/HarvestTools.Core/Drift'
        Tests   = 'Tests\.(Drift|Reports)\.|Workflows\.(Drift|Compare|SliceVersion|Register|ModelFile|FindMetric|RestoreExport)'
        Without = 'Rows_of_one_key_across|A_hundred_runs|Every_flipped_bit'
    }
    decisions  = @{
        Mutate  = 'src/HarvestTools.Core/Decisions'
        Tests   = 'Tests\.Decisions\.'
        Without = 'Simulation'
    }
    labels     = @{
        Mutate  = 'src/HarvestTools.Core/LabelStudio/Labels'
        Tests   = 'LabelStudio\.(Label|Task)|Workflows\.(CompareExport|ExportOverlap)'
        Without = 'So_it_is_in_made_exports|So_are_the_edits|more_tokens_than'
    }
    archive    = @{
        Mutate  = 'src/HarvestTools.Core/Archive'
        Tests   = 'Tests\.Archive\.|Workflows\.(RestoreExport|RemoveSlice|ArchivedLabel|Repository)'
        Without = 'What_was_written_into_records|A_command_keeps_what_it_read|flipped_bit|ProcessTests'
    }
    packs      = @{
        Mutate = 'src/HarvestTools.Core/Packs'
        Tests  = 'Tests\.Packs\.|SetAsidePackTests'
    }
    derivation = @{
        Mutate  = 'src/HarvestTools.Core/Derivation'
        Tests   = 'Tests\.Derivation\.'
    }
    exitcodes  = @{
        Mutate   = 'src/HarvestTools.Cli/ExitCode.cs', 'src/HarvestTools.Cli/Invocation.cs', 'src/HarvestTools.Cli/CommandRunner.cs'
        Tests    = 'Tests\.(ExitCodeTests|InvocationTests|CommandRunnerTests)'
        # Coverage of the program is not seen, in a process of its own or in that of the tests: each mutant meets all of them.
        Coverage = 'off'
    }
}
