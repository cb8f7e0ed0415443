const { TestEnvironment } = require('jest-environment-node');

/** For mutation testing: once a test has failed the mutant is dead, and the tests that are left have nothing more to say. */
class UntilOneFails extends TestEnvironment {
  hasFailed = false;

  handleTestEvent(event) {
    if (event.name === 'test_start' && this.hasFailed) event.test.mode = 'skip';
    if (event.name === 'test_done' && event.test.errors.length > 0) this.hasFailed = true;
  }
}

module.exports = UntilOneFails;
